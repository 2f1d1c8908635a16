/* What the library gives back, as plain JavaScript objects. */
#ifndef SEKISHO_NODE_VALUES_H
#define SEKISHO_NODE_VALUES_H

#include <node_api.h>
#include <sekisho/sekisho.h>

void set_text(napi_env env, napi_value object, const char *name, const char *text);
void set_number(napi_env env, napi_value object, const char *name, double number);
void set_bool(napi_env env, napi_value object, const char *name, bool value);
napi_value result_value(napi_env env, const seki_result *r);
napi_value judgement_value(napi_env env, const seki_judgement *j);

#endif
