# bash completion for sekisho. Options are those that the command itself tells, so this file never lags it.
_sekisho() {
    local cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD-1]} verb=${COMP_WORDS[1]}
    local tell=${COMP_WORDS[0]}
    if [ "$COMP_CWORD" = 1 ]; then
        mapfile -t COMPREPLY < <(compgen -W "$("$tell" help 2>/dev/null | sed -n 's/^  sekisho \([a-z]*\) .*/\1/p') help" -- "$cur")
        return
    fi
    case $prev in
    --format) mapfile -t COMPREPLY < <(compgen -W "text json jsonl csv sarif html markdown" -- "$cur"); return ;;
    --lang) mapfile -t COMPREPLY < <(compgen -W "ja en" -- "$cur"); return ;;
    --audience) mapfile -t COMPREPLY < <(compgen -W "summary restricted" -- "$cur"); return ;;
    esac
    if [[ $cur == -* ]]; then
        mapfile -t COMPREPLY < <(compgen -W "$("$tell" "$verb" --help 2>/dev/null | grep -o -- '--[a-z-]*' | sort -u)" -- "$cur")
    elif [ "$COMP_CWORD" = 2 ]; then
        mapfile -t COMPREPLY < <(compgen -W "$("$tell" "$verb" --help --lang en 2>/dev/null | sed -n "s/^usage: sekisho $verb \([a-z|]*\)\( .*\)*$/\1/p" | tr '|' ' ')" -- "$cur"
            compgen -f -- "$cur")
    else
        mapfile -t COMPREPLY < <(compgen -f -- "$cur")
    fi
}
complete -o filenames -F _sekisho sekisho
