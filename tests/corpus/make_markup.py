#!/usr/bin/env python3
"""Writes the seeds of tests/corpus/{html,xml,rtf,json_data,hl7}. Standard library only, output is deterministic.

Usage: make_markup.py [FOLDER]   (default: the folder of this script). All values are invented."""
import os
import sys

OUT = sys.argv[1] if len(sys.argv) > 1 else os.path.dirname(os.path.abspath(__file__))


def write(name, data):
    path = os.path.join(OUT, name)
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "wb") as f:
        f.write(data.encode("utf-8") if isinstance(data, str) else data)


# ---------------------------------------------------------------- html
PAGE = """<!DOCTYPE html>
<html><head><meta http-equiv="Content-Type" content="text/html; charset=%s"><title>題名 &amp; 副題</title>
<meta name="author" content="作成者甲"><style>p { color: red } /* 様式 */</style>
<script>var a = 1;
var s = "脚本の値";</script></head>
<body><!-- 消した<b>行</b> -->
<p>一行目の
文<br>二行目&#65;&#x3042;&nbsp;終&lt;&unknown;
<p style="display: none">隠した<p>段落</p>
<div hidden>隠した枠<div>内側</div></div>
<ruby>山田<rt>やまだ</rt></ruby>さん
<table><tr><td>配置<table border=1>
<tr><th rowspan=2>区<th colspan="2">横
<tr><td>甲<td>乙
</table></td></tr></table>
<form><input type="text" value="入力値"><input type=hidden name=x value="隠し値"><textarea>欄の<文</textarea></form>
<img src="a.png" alt="代替文"><a href="mailto:a@example.jp?subject=x">宛先</a>
1 < 2 && 3 > 2
</body></html>
"""
write("html/cp932.html", (PAGE % "Shift_JIS").encode("cp932"))
write("html/euc.htm", (PAGE % "x-euc-jp").encode("euc_jp"))
write("html/utf16.html", b"\xff\xfe" + (PAGE % "unicode").encode("utf-16-le"))
write("html/liar.html", (PAGE % "UTF-8").encode("cp932"))
write("html/broken.html", "<html><!-- 閉じない <p>文一 <a href=\"x>文二</a> <table><tr><td>升<td 途中")
