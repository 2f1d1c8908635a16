/* serve_form.c - the page of sekisho serve, and what comes back from it. It works without script and by keyboard; every
 * field has its label and its hint tied to it for screen readers. */
#define _GNU_SOURCE
#include "api/serve.h"

#include "base/files.h"
#include "report/page.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

static const char *const KEYS[SK_FORM_TEXTS] = { "dest",      "recipients", "approvals", "contract",
                                                 "requester", "purpose",    "channel" };

void sk_form_init(struct sk_form *f, uint64_t max_bytes)
{
    memset(f, 0, sizeof(*f));
    f->max_bytes = max_bytes;
    f->receipts.fd = -1;
    for (int i = 0; i < SK_FORM_TEXTS; i++)
        sk_buf_init(&f->texts[i], SK_FORM_TEXT);
}

static void drop(struct sk_upload *u)
{
    if (u->fd >= 0)
        close(u->fd);
    free(u->name);
    *u = (struct sk_upload){ NULL, -1, 0 };
}

void sk_form_free(struct sk_form *f)
{
    for (int i = 0; i < SK_FORM_TEXTS; i++)
        sk_buf_free(&f->texts[i]);
    for (size_t i = 0; i < f->n_files; i++)
        drop(&f->files[i]);
    drop(&f->receipts);
}

/* ---------------------------------------------------------------- reading */

static struct sk_upload *begin_upload(struct sk_form *f, const char *key, const char *filename)
{
    bool receipts = strcmp(key, "receipts") == 0;
    const char *slash = strrchr(filename, '/'), *back = strrchr(filename, '\\');
    const char *name = slash > back ? slash + 1 : back ? back + 1 : filename;
    if (!receipts && f->n_files == SK_FORM_FILES) {
        f->too_many = true;
        return NULL;
    }
    struct sk_upload *u = receipts ? &f->receipts : &f->files[f->n_files];
    if (receipts)
        drop(u);
    u->bytes = 0;
    u->fd = memfd_create("sekisho-upload", MFD_CLOEXEC | MFD_ALLOW_SEALING);
    u->name = sk_copy_string(name, strlen(name));
    f->n_files += !receipts;
    f->failed |= u->fd < 0 || !u->name;
    return u;
}

static void add_bytes(struct sk_form *f, struct sk_upload *u, const char *data, size_t n)
{
    f->failed = f->failed || !sk_write_all(u->fd, data, n);
    if (!f->failed)
        u->bytes += n;
}

enum MHD_Result sk_form_take(void *form, enum MHD_ValueKind kind, const char *key, const char *filename,
                             const char *content_type, const char *transfer_encoding, const char *data, uint64_t off,
                             size_t size)
{
    struct sk_form *f = form;
    (void)kind;
    (void)content_type;
    (void)transfer_encoding;
    f->bytes += size;
    if (f->bytes > f->max_bytes)
        f->too_large = true;
    if (f->too_large || f->failed || !key)
        return f->too_large ? MHD_YES : MHD_NO; /* what is too large is read to its end, so that the answer is seen */
    if (filename) {
        if (off == 0)
            f->last = *filename ? begin_upload(f, key, filename) : NULL;
        if (f->last)
            add_bytes(f, f->last, data, size);
        return f->failed ? MHD_NO : MHD_YES;
    }
    for (int i = 0; i < SK_FORM_TEXTS; i++)
        if (strcmp(key, KEYS[i]) == 0 && !memchr(data, 0, size) && !sk_buf_add(&f->texts[i], data, size))
            f->too_large = true;
    return MHD_YES;
}

/* ---------------------------------------------------------------- pages */

static void put_option(struct sk_buf *b, const char *id, const char *name)
{
    sk_buf_str(b, "<option value=\"");
    sk_page_put(b, id);
    sk_buf_str(b, "\">");
    sk_page_put(b, name);
    sk_buf_str(b, " (");
    sk_page_put(b, id);
    sk_buf_str(b, ")</option>\n");
}

struct field {
    const char *key, *ja, *en, *hint_ja, *hint_en;
    bool lines;
};

static void put_field(struct sk_buf *b, const struct sk_run_info *run, const struct field *f)
{
    sk_buf_printf(b, "<label for=\"%s\">%s</label>\n<p class=\"hint\" id=\"%s-hint\">%s</p>\n", f->key,
                  sk_tell(run, f->ja, f->en), f->key, sk_tell(run, f->hint_ja, f->hint_en));
    sk_buf_printf(
        b,
        f->lines ? "<textarea id=\"%s\" name=\"%s\" rows=\"3\" aria-describedby=\"%s-hint\"></textarea>\n"
                 : "<input type=\"text\" id=\"%s\" name=\"%s\" autocomplete=\"off\" aria-describedby=\"%s-hint\">\n",
        f->key, f->key, f->key);
}

static void put_destination(struct sk_buf *b, const struct sk_run_info *run)
{
    static const struct field FIELDS[] = {
        { "recipients", "宛先の保険者番号", "Insurer numbers of the recipient",
          "保険者・医療機関等へ送るとき。数字6桁か8桁、いくつかあるときは空白で区切ります。",
          "For insurers and providers: 6 or 8 digits, several with spaces between.", false },
        { "requester", "申請者", "Requested by", "申請する人の氏名。本人の承認は数えません。",
          "Your name; your own approval does not count.", false },
        { "purpose", "用途", "Purpose", "何のために送りますか(例 再審査資料)。", "What it is sent for.", false },
        { "channel", "経路", "Channel", "どうやって送りますか(例 専用回線、DVD の手渡し)。", "How it is sent.", false },
        { "approvals", "承認", "Approvals", "1行に1人、「役割:氏名」で書きます(例 所属長:承認一郎)。",
          "One person a line, ROLE:NAME.", true },
        { "contract", "契約番号", "Contract", "委託先へ送るとき。契約台帳の番号です。",
          "For contractors: the number in the register of contracts.", false },
    };
    const char *id, *name;
    sk_buf_printf(
        b,
        "<fieldset><legend>%s</legend>\n<label for=\"dest\">%s</label>\n<select id=\"dest\" name=\"dest\" required>\n"
        "<option value=\"\">%s</option>\n",
        sk_tell(run, "1 送付先", "1 Destination"), sk_tell(run, "どこへ送りますか(必須)", "Where to (needed)"),
        sk_tell(run, "選んでください", "choose"));
    for (size_t i = 0; sk_policy_destination(run->policy, i, &id, &name); i++)
        put_option(b, id, name);
    sk_buf_str(b, "</select>\n");
    for (size_t i = 0; i < sizeof(FIELDS) / sizeof(FIELDS[0]); i++)
        put_field(b, run, &FIELDS[i]);
    sk_buf_str(b, "</fieldset>\n");
}

static void put_files(struct sk_buf *b, const struct sk_run_info *run, uint64_t max_bytes)
{
    sk_buf_printf(
        b, "<fieldset><legend>%s</legend>\n<label for=\"files\">%s</label>\n<p class=\"hint\" id=\"files-hint\">",
        sk_tell(run, "2 ファイル", "2 Files"), sk_tell(run, "点検するファイル(必須)", "Files to check (needed)"));
    sk_buf_printf(b,
                  sk_tell(run,
                          "枠の中へファイルを落とすか、ボタンで選びます。%uつまで、合わせて%" PRIu64
                          "MBまで。ファイルはこの端末の中だけで点検し、どこにも保存しません。",
                          "Drop files into the frame or choose them. Up to %u, %" PRIu64
                          " MB together. They are checked on this machine only and kept nowhere."),
                  SK_FORM_FILES, max_bytes >> 20);
    sk_buf_printf(
        b,
        "</p>\n<input class=\"drop\" type=\"file\" id=\"files\" name=\"files\" multiple required "
        "aria-describedby=\"files-hint\">\n<label for=\"receipts\">%s</label>\n<p class=\"hint\" "
        "id=\"receipts-hint\">%s</p>\n<input type=\"file\" id=\"receipts\" name=\"receipts\" accept=\".json\" "
        "aria-describedby=\"receipts-hint\">\n</fieldset>\n",
        sk_tell(run, "平文を点検したときの控え", "Receipt of the plain files"),
        sk_tell(run, "暗号化したファイルを点検するときに付けます。", "When the file is encrypted."));
}

bool sk_form_page(struct sk_buf *b, const struct sk_run_info *run, const char *path, uint64_t max_bytes)
{
    sk_page_begin(b, run, sk_tell(run, "外部送付前点検", "Check before an external transfer"), SK_PAGE_FORM);
    sk_buf_printf(b, "<main>\n<h1>%s</h1>\n",
                  sk_tell(run, "関所 外部送付前点検", "Sekisho: check before an external transfer"));
    if (sk_policy_is_draft(run->policy) || sk_policy_is_overdue(run->policy, run->as_of)) {
        sk_buf_str(b, "<p class=\"conclusion warn\">");
        sk_page_put(
            b, sk_policy_is_draft(run->policy)
                   ? sk_tell(run, "【未承認ポリシー】この方針はまだ承認されていません。", "[DRAFT POLICY]")
                   : sk_tell(run, "【見直し期限超過】方針の見直し期限が過ぎています。", "[POLICY OVERDUE FOR REVIEW]"));
        sk_buf_str(b, "</p>\n");
    }
    sk_buf_printf(b, "<form method=\"post\" action=\"%s\" enctype=\"multipart/form-data\" accept-charset=\"utf-8\">\n",
                  path);
    put_destination(b, run);
    put_files(b, run, max_bytes);
    sk_buf_printf(b, "<p><button type=\"submit\" class=\"main\">%s</button></p>\n</form>\n",
                  sk_tell(run, "点検する", "Check"));
    struct sk_buf versions;
    sk_buf_init(&versions, 4096);
    sk_tell_versions(&versions, run);
    sk_buf_str(b, "<p class=\"meta\">");
    sk_page_told(b, &versions);
    sk_buf_free(&versions);
    sk_buf_str(b, "</p>\n</main>\n");
    return sk_page_end(b, SK_PAGE_FORM);
}

bool sk_error_page(struct sk_buf *b, const struct sk_run_info *run, const char *ja, const char *en,
                   const struct sk_buf *details, const char *back)
{
    sk_page_begin(b, run, sk_tell(run, "点検できませんでした", "Could not check"), SK_PAGE_PLAIN);
    sk_buf_printf(b, "<main>\n<h1>%s</h1>\n<div class=\"error\" role=\"alert\">\n<p>",
                  sk_tell(run, "点検できませんでした", "Could not check"));
    sk_page_put(b, sk_tell(run, ja, en));
    sk_buf_str(b, "</p>\n");
    if (details && details->n) {
        sk_buf_str(b, "<p>");
        sk_put_html(b, details->p, details->n);
        sk_buf_str(b, "</p>\n");
    }
    sk_buf_str(b, "</div>\n");
    if (back)
        sk_buf_printf(b, "<p><a href=\"%s\">%s</a></p>\n", back, sk_tell(run, "戻る", "Back"));
    sk_buf_str(b, "</main>\n");
    return sk_page_end(b, SK_PAGE_PLAIN);
}
