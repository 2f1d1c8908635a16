#include "report/page.h"

#include <string.h>

#include "base/hash.h"

/* Light and dark by the reader's setting; severity is told by words and shapes, colour only helps. A4 on paper, cards
 * on a phone. */
static const char STYLE[] =
    ":root{color-scheme:light "
    "dark;--bg:#fff;--fg:#1a1a1a;--dim:#555;--line:#c8c8c8;--card:#f5f6f8;--r0:#a40000;--r1:#8a4b00;--ok:#14532d}"
    "@media(prefers-color-scheme:dark){:root{--bg:#16181c;--fg:#e8e8e8;--dim:#aaa;--line:#444;--card:#22252b;--r0:#"
    "ff9a9a;--r1:#ffc46b;"
    "--ok:#8fe3ae}}"
    "*{box-sizing:border-box}"
    "body{margin:0 auto;max-width:78rem;padding:1rem;background:var(--bg);color:var(--fg);font:1rem/1.6 'Noto Sans "
    "JP','Hiragino Sans',"
    "'BIZ UDPGothic',Meiryo,sans-serif;overflow-wrap:anywhere}"
    "h1{font-size:1.3rem;margin:.2rem 0}h2{font-size:1.1rem;margin:1.6rem 0 .4rem;border-bottom:2px solid var(--line)}"
    ".conclusion{background:var(--card);border-left:.5rem solid var(--dim);padding:.6rem "
    "1rem;font-size:1.15rem;font-weight:700}"
    ".bad{border-color:var(--r0)}.warn{border-color:var(--r1)}.good{border-color:var(--ok)}"
    ".meta,small{color:var(--dim)}"
    "table{border-collapse:collapse;width:100%}th,td{border:1px solid var(--line);padding:.35rem "
    ".5rem;text-align:left;vertical-align:top}"
    "th{background:var(--card)}th button{all:unset;cursor:pointer;font-weight:700}th button:focus-visible{outline:2px "
    "solid}"
    "th button::after{content:' \\2195';color:var(--dim)}td.n{text-align:right;white-space:nowrap}"
    ".sev{white-space:nowrap;font-weight:700}.r0{color:var(--r0)}.r1{color:var(--r1)}"
    "ul,ol{margin:.2rem 0;padding-left:1.4rem}.tools{margin:1rem 0;display:flex;gap:1rem;flex-wrap:wrap}"
    ".tools input,.tools select{font:inherit;padding:.3rem;max-width:100%}"
    "fieldset{border:1px solid var(--line);margin:1rem 0;padding:.6rem "
    "1rem;min-width:0}legend{font-weight:700;padding:0 .4rem}"
    "label{display:block;font-weight:700;margin:.7rem 0 .2rem}.hint{color:var(--dim);margin:.1rem 0}"
    "input,select,textarea,button{font:inherit;padding:.45rem "
    ".6rem;max-width:100%;background:var(--bg);color:var(--fg);"
    "border:1px solid var(--dim)}input[type=text],textarea,select{width:32rem}"
    ".drop{display:block;width:100%;padding:2.2rem 1rem;border:3px dashed var(--dim);background:var(--card)}"
    ".tools label{max-width:100%}.tools label input,.tools label select{width:auto}"
    "button.main{font-weight:700;padding:.7rem 2rem;border-width:2px}:focus-visible{outline:3px solid "
    "#1a5fb4;outline-offset:2px}.error{border:2px solid var(--r0);padding:.4rem 1rem}"
    "dl{display:grid;grid-template-columns:max-content 1fr;gap:.3rem 1rem}dt{font-weight:700}dd{margin:0}"
    "@media(max-width:40rem){.cards thead{display:none}.cards tr,.cards td{display:block}.cards tr{border:1px solid "
    "var(--line);margin:.6rem 0}"
    ".cards td{border:0;padding:.2rem .5rem;text-align:left}.cards td::before{content:attr(data-t)' ';color:var(--dim)}"
    "dl{grid-template-columns:1fr}dd{margin-left:1rem}}"
    "@page{size:A4;margin:14mm}"
    "@media "
    "print{:root{--bg:#fff;--fg:#000;--dim:#333;--line:#777;--card:#fff;--r0:#000;--r1:#000;--ok:#000}body{font-size:9."
    "5pt;max-width:none;"
    "padding:0}.tools{display:none}tr,.conclusion{break-inside:avoid}thead{display:table-header-group}th "
    "button::after{content:''}}";

/* Filters by words and by section, sorts by a column (numbers by data-k). Without script the page holds all the same.
 */
static const char SCRIPT[] =
    "(function(){'use strict';var q=document.getElementById('q'),k=document.getElementById('k'),"
    "t=document.getElementById('files');if(!t)return;var "
    "body=t.tBodies[0],rows=[].slice.call(body.rows),n=document.getElementById('n');"
    "function f(){var w=q.value.toLowerCase().split(/\\s+/),s=k.value,c=0;rows.forEach(function(r){var "
    "x=r.textContent.toLowerCase();"
    "var ok=(!s||r.dataset.s===s)&&w.every(function(y){return "
    "x.indexOf(y)>=0});r.hidden=!ok;if(ok)c++});n.textContent=c+' / '+rows.length}"
    "q.addEventListener('input',f);k.addEventListener('change',f);f();"
    "[].forEach.call(t.tHead.rows[0].cells,function(h,i){var "
    "up=false,b=h.querySelector('button');b.addEventListener('click',function(){up=!up;"
    "[].forEach.call(t.tHead.rows[0].cells,function(o){o.removeAttribute('aria-sort')});h.setAttribute('aria-sort',up?'"
    "ascending':'descending');"
    "rows.sort(function(x,y){var a=x.cells[i],c=y.cells[i],p=a.dataset.k,r=c.dataset.k,"
    "d=p!==undefined&&r!==undefined?p-r:a.textContent.localeCompare(c.textContent,'ja');return up?d:-d});"
    "rows.forEach(function(r){body.appendChild(r)})})})})();";

static const char PRINT[] = "(function(){'use strict';var "
                            "b=document.getElementById('print');if(!b)return;b.hidden=false;"
                            "b.addEventListener('click',function(){window.print()})})();";

static const char *script_of(enum sk_page_script script)
{
    return script == SK_PAGE_TABLES ? SCRIPT : script == SK_PAGE_PLAIN ? NULL : PRINT;
}

/* CSP source of an inline text: 'sha256-…'. Nothing else, so no name in the report can become script or style. */
static bool put_source(struct sk_buf *b, const char *directive, const char *text)
{
    uint8_t digest[SK_SHA256_BYTES];
    if (!sk_sha256(text, strlen(text), digest)) {
        b->failed = true;
        return false;
    }
    sk_buf_printf(b, "; %s 'sha256-", directive);
    sk_put_base64(b, digest, sizeof(digest));
    return sk_buf_str(b, "'");
}

bool sk_page_put(struct sk_buf *b, const char *s)
{
    return sk_put_html(b, s ? s : "", s ? strlen(s) : 0);
}

bool sk_page_told(struct sk_buf *b, struct sk_buf *said)
{
    sk_put_html(b, said->p ? said->p : "", said->n);
    b->failed |= said->failed;
    sk_buf_clear(said);
    return !b->failed;
}

bool sk_page_begin(struct sk_buf *b, const struct sk_run_info *run, const char *title, enum sk_page_script script)
{
    sk_buf_printf(b,
                  "<!DOCTYPE html>\n<html lang=\"%s\">\n<head>\n<meta charset=\"utf-8\">\n"
                  "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; base-uri 'none'; "
                  "form-action %s",
                  run->english ? "en" : "ja", script == SK_PAGE_FORM ? "'self'" : "'none'");
    put_source(b, "style-src", STYLE);
    if (script_of(script))
        put_source(b, "script-src", script_of(script));
    /* A form's own server must see where it came from. */
    sk_buf_printf(b,
                  "\">\n<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<meta "
                  "name=\"referrer\" content=\"%s\">\n<title>",
                  script == SK_PAGE_FORM ? "same-origin" : "no-referrer");
    sk_page_put(b, title);
    return sk_buf_printf(b, "</title>\n<style>%s</style>\n</head>\n<body>\n", STYLE);
}

bool sk_page_print(struct sk_buf *b, const struct sk_run_info *run)
{
    return sk_buf_printf(b, "<p class=\"tools\"><button type=\"button\" id=\"print\" hidden>%s</button></p>\n",
                         sk_tell(run, "この票を印刷する", "Print this slip"));
}

bool sk_page_end(struct sk_buf *b, enum sk_page_script script)
{
    if (script_of(script))
        sk_buf_printf(b, "<script>%s</script>\n", script_of(script));
    return sk_buf_str(b, "</body>\n</html>\n");
}
