"""Invented people with every number the generators need. Check digits are written here anew, from the published rules."""
import datetime as dt
import unicodedata

SURNAMES = """佐藤:サトウ 鈴木:スズキ 高橋:タカハシ 田中:タナカ 伊藤:イトウ 渡邊:ワタナベ 山本:ヤマモト 中村:ナカムラ 小林:コバヤシ 加藤:カトウ
吉田:ヨシダ 山田:ヤマダ 佐々木:ササキ 山口:ヤマグチ 松本:マツモト 井上:イノウエ 木村:キムラ 林:ハヤシ 齋藤:サイトウ 清水:シミズ 髙﨑:タカサキ
森:モリ 池田:イケダ 橋本:ハシモト 阿部:アベ 石川:イシカワ 山下:ヤマシタ 長谷川:ハセガワ 後藤:ゴトウ 近藤:コンドウ 遠藤:エンドウ 青木:アオキ
福田:フクダ 三浦:ミウラ 竹内:タケウチ 小野寺:オノデラ 和田:ワダ 上田:ウエダ 柴田:シバタ 酒井:サカイ 宮崎:ミヤザキ 工藤:クドウ 五十嵐:イガラシ
大塚:オオツカ 新井:アライ 河野:コウノ 菅原:スガワラ 菊地:キクチ 土屋:ツチヤ 星野:ホシノ 関:セキ 東海林:ショウジ 勅使河原:テシガワラ 安:ヤス
金井:カナイ 茂木:モテギ 狩野:カノウ 須藤:スドウ 田島:タジマ 今泉:イマイズミ 桑原:クワバラ 樋口:ヒグチ 荻原:オギワラ 角田:ツノダ"""
GIVEN = """一郎:イチロウ:1 健太:ケンタ:1 大輔:ダイスケ:1 直樹:ナオキ:1 和夫:カズオ:1 茂:シゲル:1 誠:マコト:1 哲也:テツヤ:1 翔太:ショウタ:1 清:キヨシ:1
三郎:サブロウ:1 敏夫:トシオ:1 実:ミノル:1 雅彦:マサヒコ:1 亮:リョウ:1 蓮:レン:1 大翔:ヒロト:1 花子:ハナコ:2 美咲:ミサキ:2 恵子:ケイコ:2 幸子:サチコ:2
節子:セツコ:2 由美子:ユミコ:2 久美子:クミコ:2 ハル:ハル:2 キヨ:キヨ:2 愛:アイ:2 結衣:ユイ:2 智子:トモコ:2 さくら:サクラ:2 千代:チヨ:2 陽菜:ヒナ:2
勝:マサル:1 博:ヒロシ:1 正:タダシ:1 義雄:ヨシオ:1 みどり:ミドリ:2 貴子:タカコ:2 典子:ノリコ:2 裕美:ヒロミ:2 翼:ツバサ:1 弘:ヒロシ:1"""
SURNAMES = [tuple(x.split(":")) for x in SURNAMES.split()]
GIVEN = [tuple(x.split(":")) for x in GIVEN.split()]
PLACES = [("群馬県前橋市大手町", "371-0026"), ("群馬県高崎市高松町", "370-0829"), ("東京都世田谷区桜新町", "154-0015"), ("埼玉県川口市青木", "332-0031"),
          ("北海道札幌市中央区北一条西", "060-0001"), ("福岡県久留米市城南町", "830-0022"), ("大阪府堺市堺区南瓦町", "590-0078"), ("群馬県吾妻郡中之条町大字伊勢町", "377-0424")]
INSURERS = [("10", n) for n in (101, 102, 203, 304)] + [("11", 210), ("01", 105)]


def w21(body):
    """保険者番号, 公費, 医療機関: weights 2 and 1 from the right, digits of the products added."""
    t = 0
    for i, c in enumerate(reversed(body)):
        p = int(c) * (2 - i % 2)
        t += p // 10 + p % 10
    return str(-t % 10)


def mod11(body, zero):
    t = sum(int(c) * (i % 6 + 2) for i, c in enumerate(reversed(body)))
    r = t % 11
    return "0" if r in zero else str((11 - r) % 10)


def digits(rng, n):
    return "".join(rng.choice("0123456789") for _ in range(n))


def facility(rng, pref="10", kind="1"):
    six = "%02d%04d" % (rng.randint(1, 40), rng.randint(1, 9999))
    return six + w21(pref + kind + six)


def office(rng, pref="10"):
    body = pref + "7" + digits(rng, 6)
    return body + w21(body)


def insurer6(pref, n):
    body = "%s%03d" % (pref, n)
    return body + w21(body)


def corporate(rng):
    body = digits(rng, 12)
    t = sum(int(c) * (1 if i % 2 == 0 else 2) for i, c in enumerate(reversed(body)))
    return str(9 - t % 9) + body


def jan(rng):
    body = rng.choice(("45", "49")) + digits(rng, 10)
    return body + str(-sum(int(c) * (3 if i % 2 == 0 else 1) for i, c in enumerate(reversed(body))) % 10)


HALF = {unicodedata.normalize("NFKC", chr(c)): chr(c) for c in range(0xFF61, 0xFFA0)}
HALF.update({unicodedata.normalize("NFKC", chr(c) + m): chr(c) + m for c in range(0xFF66, 0xFF9E) for m in "ﾞﾟ"
             if len(unicodedata.normalize("NFKC", chr(c) + m)) == 1})
HALF.update({"　": " ", "ー": "ｰ"})


def half(text):
    return "".join(HALF.get(c, c) for c in text)


def wide(text):
    return "".join(chr(ord(c) + 0xFEE0) if c.isascii() and c.isalnum() else {"-": "－", " ": "　"}.get(c, c) for c in str(text))


def hiragana(text):
    return "".join(chr(ord(c) - 0x60) if "ァ" <= c <= "ヶ" else c for c in text)


ERAS = [("令和", "R", 5, dt.date(2019, 5, 1)), ("平成", "H", 4, dt.date(1989, 1, 8)), ("昭和", "S", 3, dt.date(1926, 12, 25)),
        ("大正", "T", 2, dt.date(1912, 7, 30))]


def era(d):
    for name, letter, code, start in ERAS:
        if d >= start:
            return name, letter, code, d.year - start.year + 1
    raise ValueError(d)


def gymd(d):
    return "%d%02d%02d%02d" % (era(d)[2], era(d)[3], d.month, d.day)


DATES = [lambda d: d.strftime("%Y/%m/%d"), lambda d: "%d/%d/%d" % (d.year, d.month, d.day), lambda d: d.strftime("%Y-%m-%d"), lambda d: d.strftime("%Y%m%d"),
         lambda d: "%d年%d月%d日" % (d.year, d.month, d.day), lambda d: "%s%s年%d月%d日" % (era(d)[0], era(d)[3] if era(d)[3] > 1 else "元", d.month, d.day),
         lambda d: "%s%d.%d.%d" % (era(d)[1], era(d)[3], d.month, d.day), lambda d: "%s%02d/%02d/%02d" % (era(d)[1], era(d)[3], d.month, d.day),
         lambda d: "%s%2d年%2d月%2d日" % (era(d)[0], era(d)[3], d.month, d.day), lambda d: wide("%s%d年%d月%d日" % (era(d)[0], era(d)[3], d.month, d.day)), gymd,
         lambda d: "%d.%d.%d" % (d.year, d.month, d.day), lambda d: d.strftime("%Y年%m月%d日")]


class Person:
    def __init__(self, rng, serial):
        s, g = rng.choice(SURNAMES), rng.choice(GIVEN)
        self.sei, self.mei, self.sei_kana, self.mei_kana, self.sex = s[0], g[0], s[1], g[1], g[2]
        self.birth = dt.date(1928, 1, 1) + dt.timedelta(days=rng.randint(0, 365 * 90))
        self.insurer = insurer6(*rng.choice(INSURERS))
        self.symbol, self.number, self.branch = "%02d" % rng.randint(1, 99), "%07d" % (1000000 + serial * 13), "%02d" % rng.randint(1, 4)
        body = rng.choice("123456789") + digits(rng, 6)
        self.late = body + w21(body)
        self.care = "%010d" % (serial * 17 + 1000 + rng.randint(0, 16))
        body = "1" + digits(rng, 10)
        self.my = body + mod11(body, (0, 1))
        body = "51" + "10" + digits(rng, 3)
        self.payer = body + w21(body)
        body = rng.choice("123456789") + digits(rng, 5)
        self.recipient = body + w21(body)
        body = "1" + digits(rng, 9)
        self.juki = body + mod11(body, (0, 1))
        self.pension = "%s-%s" % (digits(rng, 4).replace("0", "1"), digits(rng, 6))
        body = "42%02d%s" % (rng.randint(1, 22), digits(rng, 6))
        self.licence = body + mod11(body, ()) + "0"
        up = "ABCDEFGHJKLMNPRSTUVWXYZ"
        self.passport = "T" + rng.choice(up) + digits(rng, 7)
        self.residence = rng.choice(up) + rng.choice(up) + digits(rng, 8) + rng.choice(up) + rng.choice(up)
        self.employment = "%s-%s-%s" % (digits(rng, 4), digits(rng, 6), rng.choice("123456789"))
        body = "4" + digits(rng, 14)
        self.card = body + w21(body)
        self.account = digits(rng, 7)
        self.yucho = "1%s0-%s1" % (digits(rng, 3), digits(rng, 7))
        place, self.postal = rng.choice(PLACES)
        self.address = "%s%s" % (place, rng.choice(("%d-%d-%d", "%d丁目%d番%d号")) % (rng.randint(1, 9), rng.randint(1, 40), rng.randint(1, 30)))
        if rng.random() < 0.2:
            self.address += rng.choice(("　みどり荘%d号", " コーポ桜 %d")) % rng.randint(101, 305)
        self.phone = rng.choice(("0%s0-%s-%s" % (rng.choice("789"), "%04d" % rng.randint(1000, 9999), digits(rng, 4)), "027-%d-%s" % (rng.randint(210, 389), digits(rng, 4)),
                                 "03-%d-%s" % (rng.randint(3200, 6999), digits(rng, 4))))
        self.email = "%s.%s%d@example.jp" % (rng.choice(("taro", "hana", "yama", "info")), rng.choice("abcdefgh"), serial)

    name = property(lambda s: s.sei + "　" + s.mei)
    kana = property(lambda s: s.sei_kana + "　" + s.mei_kana)
    age = property(lambda s: 2026 - s.birth.year)


class Crowd:
    """People whose names with birth dates, and whose numbers, all differ."""

    def __init__(self, rng):
        self.rng, self.serial, self.seen = rng, 0, set()

    def take(self, n):
        out = []
        while len(out) < n:
            p = Person(self.rng, self.serial)
            self.serial += 1
            keys = [(p.kana, p.birth), (p.name, p.birth), p.late, p.my, p.phone, p.licence, p.pension, p.account, p.care]
            if not any(k in self.seen for k in keys):
                self.seen.update(keys)
                out.append(p)
        return out

    def one(self):
        return self.take(1)[0]
