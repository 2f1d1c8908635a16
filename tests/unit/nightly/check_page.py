"""A page whose elements are closed in order and whose inline style and script are those that its own policy allows."""
import base64
import hashlib
import html.parser
import re
import sys

text = open(sys.argv[1], encoding="utf-8").read()
VOID = {"meta", "input", "br"}


class Page(html.parser.HTMLParser):
    open_tags = []

    def handle_starttag(self, tag, attrs):
        if tag not in VOID:
            self.open_tags.append(tag)
        for name, _ in attrs:
            assert not name.startswith("on") and name not in ("src", "href", "style"), (tag, name)

    def handle_startendtag(self, tag, attrs):
        pass

    def handle_endtag(self, tag):
        assert self.open_tags and self.open_tags[-1] == tag, (tag, self.open_tags, self.getpos())
        self.open_tags.pop()


page = Page()
page.feed(text)
page.close()
assert page.open_tags == [], page.open_tags
policy = re.search('Content-Security-Policy" content="([^"]+)"', text).group(1)
for tag in ("style", "script"):
    for body in re.findall("<%s>(.*?)</%s>" % (tag, tag), text, re.S):
        digest = base64.b64encode(hashlib.sha256(body.encode()).digest()).decode()
        assert "%s-src 'sha256-%s'" % (tag, digest) in policy, tag
for row in re.findall("<table class=\"cards\".*?</table>", text, re.S):
    heads = row.count("<th ")
    for tr in re.findall("<tr[^>]*><td.*?</tr>", row, re.S):
        assert tr.count("<td") == heads, (heads, tr)
