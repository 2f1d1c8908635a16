#!/usr/bin/env python3
"""corpus.py OUT [MIB] - the bench's files, the same bytes every time (no clock, no system randomness).

Prose is put together from sentences of office life and the product's own word lists (patterns/words), with one
personal snippet every 16 KiB; tables are rows with valid check digits. All names and numbers are made up.
"""
import random
import sys
import zipfile
from pathlib import Path

WORDS = Path(__file__).resolve().parent.parent / "patterns" / "words"
FAMILY = "佐藤 鈴木 高橋 田中 伊藤 渡辺 山本 中村 小林 加藤 吉田 山田 佐々木 山口 松本 井上 木村 林 斎藤 清水 山崎 森 池田 橋本 阿部 石川 山下 中島 石井 小川".split()
FAMILY_KANA = "サトウ スズキ タカハシ タナカ イトウ ワタナベ ヤマモト ナカムラ コバヤシ カトウ ヨシダ ヤマダ ササキ ヤマグチ マツモト イノウエ キムラ ハヤシ サイトウ シミズ ヤマザキ モリ イケダ ハシモト アベ イシカワ ヤマシタ ナカジマ イシイ オガワ".split()
GIVEN = "太郎 花子 一郎 美咲 健 陽子 誠 由美 大輔 恵子 翔太 和子 隆 幸子 修 直美 浩 久美子 学 真由美".split()
GIVEN_KANA = "タロウ ハナコ イチロウ ミサキ ケン ヨウコ マコト ユミ ダイスケ ケイコ ショウタ カズコ タカシ サチコ オサム ナオミ ヒロシ クミコ マナブ マユミ".split()
PREF = "北海道 青森県 宮城県 福島県 茨城県 埼玉県 千葉県 東京都 神奈川県 新潟県 長野県 静岡県 愛知県 京都府 大阪府 兵庫県 岡山県 広島県 福岡県 沖縄県".split()
TOWN = "中央区本町 北区栄町 南区緑町 東区旭町 西区若葉町 松山市大手町 青葉市桜台 港市浜町 川上郡下村 みどり市丘町".split()
NOUN = ("会議 資料 予算 計画 方針 手順 事業 調査 研修 担当 部門 業務 改善 課題 報告 意見 利用 施設 工事 設備 契約 入札 備品 印刷 配布 通知 要領 様式 案 図面 "
        "作業 日程 期間 目標 成果 効果 評価 連携 協力 支援 体制 環境 情報 技術 画面 機能 操作 設定 保存 検索 表示 接続 回線 機器 電源 部品 点検 保守 更新 "
        "地域 住民 企業 団体 学校 図書 文化 歴史 自然 河川 道路 交通 防災 訓練 避難 備蓄 広報 取材 記事 写真 動画 行事 会場 受付 案内 参加 申込 抽選").split()
SENTENCE = [
    "{a}の{b}については、次回の{c}までに各{d}で確認してください。", "今年度の{a}は、{b}と{c}を中心に進めることとしました。", "{a}に関する{b}を別紙のとおり取りまとめたので、ご覧ください。",
    "このたび{a}の見直しにあわせて、{b}の手続きを簡素にしました。", "{a}では、{b}が多い一方で{c}が足りないという声がありました。", "{a}の都合により、{b}の開始を午後に変更します。",
    "なお、{a}の詳しい内容は{b}にお問い合わせください。", "{a}が終わりしだい、{b}を{c}の棚に戻しておくこと。", "{a}を使うときは、あらかじめ{b}の予約が必要です。", "来週から{a}の{b}がはじまります。",
    "{a}と{b}の両方に共通する{c}を、まず一覧にしました。", "新しい{a}は{b}よりも軽く、{c}にかかる時間を短くできます。", "{a}の結果をもとに{b}を組み直し、{c}との違いを説明します。", "{a}のページを開き、右上の{b}を選んでから{c}を押します。",
    "{a}は原則として{b}の責任で行い、{c}は補助にまわります。", "以上の{a}を踏まえ、{b}を本格的に検討することで合意しました。", "昨年の{a}と比べると、{b}はおよそ{n}割ふえています。", "{a}ごとに{b}の重さが異なるため、{c}をそろえるのは難しいようです。",
    "参加した{n}名からは、{a}をもっと短くしてほしいという意見が出ました。", "{a}の部屋は{n}階にあり、{b}の窓口のとなりです。", "窓を開けると、川のむこうに山がうっすらと見えた。", "雨がやんだあとの道を、子どもたちが笑いながら歩いていきます。",
    "サーバーの{a}が止まったときは、ログを見てから{b}をやり直してください。", "システムの{a}をアップデートすると、メニューの{b}が変わります。",
]


def luhn(digits, weights):
    total = 0
    for d, w in zip(digits, weights):
        total += sum(divmod(d * w, 10))
    return (10 - total % 10) % 10


class Corpus:
    def __init__(self, seed):
        self.r = random.Random(seed)
        lines = []
        for f in sorted(WORDS.glob("*.txt")):
            lines += [w for w in f.read_text("utf-8").split("\n") if w and not w.startswith("#") and "\t" not in w]
        self.words = lines
        self.insurers = [self.make_insurer() for _ in range(80)]
        self.disease = [w for w in (WORDS / "disease.txt").read_text("utf-8").split("\n") if w and not w.startswith("#") and "\t" not in w]

    def digits(self, n):
        return "".join(self.r.choices("0123456789", k=n))

    def personal_number(self):
        d = [self.r.randrange(10) for _ in range(11)]
        s = sum(x * q for x, q in zip(d, (6, 5, 4, 3, 2, 7, 6, 5, 4, 3, 2))) % 11
        return "".join(map(str, d)) + str(0 if s <= 1 else 11 - s)

    def insurer(self):
        return self.r.choice(self.insurers)

    def make_insurer(self):
        d = [int(c) for c in self.r.choice(("01", "06", "31", "32", "39", "63", "67"))] + [int(c) for c in "%02d" % self.r.randint(1, 47)]
        d += [self.r.randrange(10) for _ in range(3)]
        return "".join(map(str, d)) + str(luhn(d, (2, 1, 2, 1, 2, 1, 2)))

    def phone(self):
        return self.r.choice(("090-%s-%s", "080-%s-%s", "03-%s-%s")) % (self.digits(4), self.digits(4))

    def date(self, form="%04d/%02d/%02d"):
        return form % (self.r.randint(1930, 2019), self.r.randint(1, 12), self.r.randint(1, 28))

    def person(self):
        f, g = self.r.randrange(len(FAMILY)), self.r.randrange(len(GIVEN))
        return FAMILY[f] + " " + GIVEN[g], FAMILY_KANA[f] + " " + GIVEN_KANA[g]

    def address(self):
        r = self.r
        return r.choice(PREF) + r.choice(TOWN) + "%d-%d-%d" % (r.randint(1, 9), r.randint(1, 30), r.randint(1, 20))

    def snippet(self):
        name, kana = self.person()
        return self.r.choice((
            f"氏名:{name}({kana})\n生年月日:{self.date('%04d年%d月%d日')}\n電話番号:{self.phone()}\n",
            f"個人番号:{self.personal_number()}\n", f"住所:〒{self.digits(3)}-{self.digits(4)} {self.address()}\n",
            f"保険者番号:{self.insurer()} 被保険者証記号 {self.digits(4)} 番号 {self.digits(7)}\n", f"連絡先は {self.digits(5)}user@example.jp です。\n",
            f"{name}様、傷病名は{self.r.choice(self.disease)}。\n"))

    def prose(self, chars):
        r, out, n, since = self.r, [], 0, 0
        while n < chars:
            word = lambda: r.choice(self.words) if r.random() < 0.01 else r.choice(NOUN) + (r.choice(NOUN) if r.random() < 0.4 else "")
            s = r.choice(SENTENCE).format(a=word(), b=word(), c=word(), d=word(), n=r.randint(2, 40))
            if since > 5460:
                s += "\n" + self.snippet()
                since = 0
            elif r.random() < 0.25:
                s += "\n"
            out.append(s)
            n += len(s)
            since += len(s)
        return "".join(out)

    def rows(self, chars, header, row):
        out, n = [header], 0
        while n < chars:
            s = row()
            out.append(s)
            n += len(s)
        return "".join(out)

    def personal_row(self):
        name, kana = self.person()
        return ",".join((self.digits(6), name, kana, self.r.choice("男女"), self.date(), self.digits(3) + "-" + self.digits(4), self.address(), self.phone(),
                         self.personal_number(), self.insurer(), self.digits(4), self.digits(7), self.r.choice(self.disease))) + "\r\n"

    def business_row(self):
        r = self.r
        return "%s,%s,%s,%d,%d,%d,%.2f,%s,%s\r\n" % (self.date("%04d-%02d-%02d"), self.digits(10), "AB-" + self.digits(5), r.randint(1, 99), r.randint(100, 99999),
                                                     r.randint(100, 9999999), r.random() * 100, r.choice(NOUN) + r.choice(NOUN), r.choice(("完了", "未了", "取消")))

    def claim(self):
        r = self.r
        name, _ = self.person()
        out = ["RE,%d,1112,%s,%s,%d,4%02d%02d%02d,,,,,,,%s,,,,,,,,,,,,\r\n" % (r.randint(1, 99999), "5060" + "%02d" % r.randint(1, 12), name.replace(" ", "　"), r.randint(1, 2),
                                                                          r.randint(1, 30), r.randint(1, 12), r.randint(1, 28), self.digits(6)),
               "HO,%s,%s,%s,%d,%d,,,,,,,,,,\r\n" % (self.insurer(), self.digits(4), self.digits(7), r.randint(1, 9), r.randint(100, 90000))]
        for _ in range(r.randint(1, 5)):
            out.append("SY,%s,50604%02d,1,,,,%s\r\n" % (self.digits(7), r.randint(1, 28), "01" if r.random() < 0.3 else ""))
        for _ in range(r.randint(2, 10)):
            out.append("%s,%s,1,%s,%d,%d,%d%s\r\n" % (r.choice(("SI", "IY", "TO")), r.choice(("11", "12", "21", "60", "80")), self.digits(9), r.randint(1, 300),
                                                     r.randint(1, 900), r.randint(1, 5), "," * 33))
        return "".join(out)

    def log_row(self):
        r = self.r
        return "2025-11-%02d %02d:%02d:%02d.%03d INFO [worker-%d] request id=%s path=/api/v1/items/%d status=%d bytes=%d time=%dms\n" % (
            r.randint(1, 28), r.randint(0, 23), r.randint(0, 59), r.randint(0, 59), r.randint(0, 999), r.randint(0, 63),
            "%032x" % r.getrandbits(128), r.randint(1, 999999), r.choice((200, 200, 200, 304, 404)), r.randint(100, 99999), r.randint(1, 900))


def coded(text, how):
    return text.encode(how, "replace")


def tree(c, out, prose, tables, n):
    """n files of 4 KiB: eight kinds by turns, 200 in a folder."""
    codecs = ("utf-8", "cp932", "euc_jp", "iso2022_jp", "utf-16-le")
    for i in range(n):
        folder = out / f"d{i // 200:03d}"
        folder.mkdir(parents=True, exist_ok=True)
        if i % 8 < 5:
            at = c.r.randrange(len(prose) - 4096)
            data = (b"\xff\xfe" if i % 8 == 4 else b"") + coded(prose[at:at + 4096], codecs[i % 8])
        else:
            rows = tables[i % 8 - 5]
            at = c.r.randrange(len(rows) // 2)
            lines = rows[at:at + 4096].split("\n")
            data = coded(rows[:rows.find("\n") + 1] + "\n".join(lines[1:]), "cp932")
        data = data[:4096]
        if i % 8 in (0, 1, 2):
            data = data[:data.rfind(b"\n") + 1] or data
        (folder / f"f{i:05d}.{'txt' if i % 8 < 5 else 'csv'}").write_bytes(data)


def column(i):
    return chr(65 + i)


def xlsx(path, rows):
    body = "".join("<row r=\"%d\">%s</row>" % (y + 1, "".join(
        "<c r=\"%s%d\" t=\"inlineStr\"><is><t>%s</t></is></c>" % (column(x), y + 1, cell) for x, cell in enumerate(row.strip().split(",")))) for y, row in enumerate(rows))
    main = "http://schemas.openxmlformats.org/"
    files = {
        "[Content_Types].xml": f'<Types xmlns="{main}package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/>'
        '<Override PartName="/xl/worksheets/sheet1.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/></Types>',
        "_rels/.rels": f'<Relationships xmlns="{main}package/2006/relationships"><Relationship Id="r1" Type="{main}officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{main}spreadsheetml/2006/main" xmlns:r="{main}officeDocument/2006/relationships"><sheets><sheet name="一覧" sheetId="1" r:id="r1"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{main}package/2006/relationships"><Relationship Id="r1" Type="{main}officeDocument/2006/relationships/worksheet" Target="worksheets/sheet1.xml"/></Relationships>',
        "xl/worksheets/sheet1.xml": f'<worksheet xmlns="{main}spreadsheetml/2006/main"><sheetData>{body}</sheetData></worksheet>'}
    pack(path, {k: ('<?xml version="1.0" encoding="UTF-8"?>' + v).encode() for k, v in files.items()})


def pack(path, members):
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as z:
        for name, data in members.items():
            z.writestr(zipfile.ZipInfo(name), data, zipfile.ZIP_DEFLATED)


def main():
    out, mib = Path(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 16
    out.mkdir(parents=True, exist_ok=True)
    c = Corpus(20251101)
    size = mib << 20
    prose = c.prose(size // 3)
    personal = c.rows(size // 2, "整理番号,氏名,フリガナ,性別,生年月日,郵便番号,住所,電話番号,個人番号,保険者番号,記号,番号,傷病名\r\n", c.personal_row)
    business = c.rows(size // 2, "日付,伝票番号,品番,数量,単価,金額,率,区分,状態\r\n", c.business_row)
    claims = c.rows(size, "IR,1,13,1,1234567,,中央医院,50701,00,0312345678\r\n", c.claim)
    for name, codec in (("utf8", "utf-8"), ("cp932", "cp932"), ("eucjp", "euc_jp"), ("jis", "iso2022_jp")):
        (out / f"prose.{name}.txt").write_bytes(coded(prose, codec))
    (out / "prose.utf16.txt").write_bytes(b"\xff\xfe" + coded(prose, "utf-16-le"))
    for name, text in (("personal", personal), ("business", business)):
        (out / f"{name}.utf8.csv").write_bytes(coded(text, "utf-8"))
        (out / f"{name}.cp932.csv").write_bytes(coded(text, "cp932"))
    (out / "claims.utf8.txt").write_bytes(coded(claims, "utf-8"))
    (out / "claims.cp932.uke").write_bytes(coded(claims, "cp932"))
    (out / "logs.txt").write_bytes(c.rows(size, "", c.log_row).encode())
    (out / "random.bin").write_bytes(c.r.randbytes(size))
    tree(c, out / "tree", prose, (personal, business, claims), 20000 if mib >= 16 else 2000)
    rows = personal.split("\n")[:mib * 2000]
    xlsx(out / "personal.xlsx", rows)
    pack(out / "mixed.zip", {"prose.txt": coded(prose[:size // 6], "utf-8"), "personal.csv": coded(personal[:size // 4], "cp932"), "logs.txt": (out / "logs.txt").read_bytes()[:size // 2]})


main()
