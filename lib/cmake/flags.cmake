# One target carries how everything of ours is compiled.
add_library(sekisho_flags INTERFACE)
target_compile_options(sekisho_flags INTERFACE
  -Wall -Wextra -Wshadow -Wconversion -Wno-sign-conversion -Wstrict-prototypes -Wvla -Wmissing-prototypes
  -fstack-protector-strong -fno-common $<$<BOOL:${SEKISHO_WERROR}>:-Werror>
  $<$<CONFIG:Release>:-O3>)
target_compile_definitions(sekisho_flags INTERFACE _POSIX_C_SOURCE=200809L _DEFAULT_SOURCE)
if(NOT SEKISHO_SANITIZE)
  target_compile_definitions(sekisho_flags INTERFACE $<$<CONFIG:Release>:_FORTIFY_SOURCE=2>)
endif()
target_link_options(sekisho_flags INTERFACE -Wl,-z,relro,-z,now)
if(SEKISHO_SANITIZE)
  target_compile_options(sekisho_flags INTERFACE -fsanitize=${SEKISHO_SANITIZE} -fno-sanitize-recover=all -fno-omit-frame-pointer)
  target_link_options(sekisho_flags INTERFACE -fsanitize=${SEKISHO_SANITIZE})
endif()
if(SEKISHO_FUZZ)
  # Coverage in our own code, without which a fuzzer is blind.
  target_compile_options(sekisho_flags INTERFACE -fsanitize=fuzzer-no-link)
endif()
