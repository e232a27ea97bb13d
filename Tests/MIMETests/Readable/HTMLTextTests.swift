import MIME
import Testing

@Suite("HTML as text")
struct HTMLTextTests {
    struct Sample: CustomTestStringConvertible, Sendable {
        let name: String
        let html: String
        let text: String
        var testDescription: String { name }

        init(_ name: String, _ html: String, _ text: String) { (self.name, self.html, self.text) = (name, html, text) }
    }

    static let layout: [Sample] = [
        Sample("blanks are one", "<p>a \n\t b&nbsp;&nbsp;c</p>", "a b c"),
        Sample("blocks make lines", "<div>a</div><div>b</div>c", "a\nb\nc"),
        Sample("nested blocks make one line end", "<div><div><div>a</div></div></div><div>b</div>", "a\nb"),
        Sample("paragraphs stand apart", "<p>a</p><p>b</p>", "a\n\nb"),
        Sample("br and br br", "a<br>b<br><br>c<br><br><br><br>d", "a\nb\n\nc\n\nd"),
        Sample("a blank div is a blank line", "<div>a</div><div><br></div><div>b</div>", "a\n\nb"),
        Sample(
            "Word's paragraphs", "<p class=MsoNormal>a</p><p class=MsoNormal><o:p>&nbsp;</o:p></p><p class=MsoNormal>b</p>", "a\n\nb"),
        Sample("headings", "x<h2>Title</h2>y", "x\n\nTitle\n\ny"),
        Sample("lists", "<ul><li>a<li>b<ol start=9><li>c</li><li>d</ol></ul>", "- a\n- b\n  9. c\n  10. d"),
        Sample("an item of two lines", "<ol><li>a<br>b</ol>", "1. a\n   b"),
        Sample("an item that holds a paragraph", "<ul><li><p>a</p></li><li><p>b</p></li></ul>", "- a\n- b"),
        Sample("rows", "<table><tr><th>Item<th>Price<tr><td>Mop<td>$5</table>", "Item | Price\nMop | $5"),
        Sample(
            "cells of Word", "<table><tr><td><p class=MsoNormal>a</p></td><td><p class=MsoNormal>b</p></td></tr></table>", "a | b"),
        Sample("empty cells leave nothing", "<table><tr><td></td><td>a</td><td>&nbsp;</td><td>b</td></tr></table>", "a | b"),
        Sample("tables for layout", "<table><tr><td><p>a</p><p>b</p></td><td>c</td></tr></table>", "a\n\nb\nc"),
        Sample("quotes", "a<blockquote>b<br>c<blockquote>d</blockquote></blockquote>e", "a\n\n> b\n> c\n>\n> > d\n\ne"),
        Sample("pre", "<pre>\n  a\n    b  c\n</pre>d", "  a\n    b  c\n\nd"),
        Sample("white-space: pre-wrap", "<div style='white-space:pre-wrap'>a   b\nc</div>", "a   b\nc"),
        Sample("hr", "a<hr>b", "a\n---\nb"),
        Sample("inline elements make no gap", "a<b>b</b><i>c</i> <u>d</u>", "abc d"),
        Sample("characters of HTML", "&lt;b&gt; &amp;amp; &eacute;&#x1F600;&#8364;&hellip;", "<b> &amp; é😀€…"),
        Sample("references meant as windows-1252", "it&#146;s &#147;it&#148;", "it’s “it”"),
        Sample("characters that mean nothing", "1 < 2 > 0 <3 a<1 & b", "1 < 2 > 0 <3 a<1 & b"),
        Sample("nothing", "", ""),
        Sample("no markup", "just text", "just text"),
        Sample("no end", "<div><p>a<b>b<i>c", "abc"),
        Sample("ends of nothing", "</div></p></b>a</table>b", "ab"),
        Sample("a table never closed", "<table><tr><td>a<td>b", "a | b"),
        Sample("text after the end", "<html><body>a</body></html>b", "a\n\nb"),
    ]

    static let links: [Sample] = [
        Sample("a link", "<a href='https://x.example/a?b=1&amp;c=2'>here</a>", "here (https://x.example/a?b=1&c=2)"),
        Sample("its own text", "<a href='https://www.x.example/'>https://www.x.example</a>", "https://www.x.example"),
        Sample("its own text without scheme", "<a href='https://x.example/'>x.example</a>", "x.example"),
        Sample(
            "another address than it says", "<a href='https://evil.example/'>https://bank.example</a>",
            "https://bank.example (https://evil.example/)"),
        Sample("an address", "<a href='mailto:a@b.example'>a@b.example</a>", "a@b.example"),
        Sample("an address with words", "<a href='mailto:a@b.example?subject=Hi'>write</a>", "write (mailto:a@b.example?subject=Hi)"),
        Sample("a telephone", "<a href='tel:+15551234567'>+1 (555) 123-4567</a>", "+1 (555) 123-4567"),
        Sample("script", "<a href='javascript:alert(1)'>a</a><a href=' java\nscript:x'>b</a><a href='&#106;avascript:x'>c</a>", "abc"),
        Sample("data and files", "<a href='data:text/html,x'>a</a><a href='file:///etc/passwd'>b</a><a href='cid:1'>c</a>", "abc"),
        Sample("relative", "<a href='/a'>a</a><a href='#b'>b</a><a href='//x.example/c'>c</a>", "abc (https://x.example/c)"),
        Sample("around blocks", "<a href='https://x.example/'><div>a</div><div>b</div></a>c", "a\nb (https://x.example/)\nc"),
        Sample("blanks and controls in it", "<a href='https://x.example/a b\u{202E}\"'>a</a>", "a (https://x.example/a%20b%22)"),
        Sample("nothing in it", "a <a href='https://x.example/'></a>b", "a b"),
        Sample("an image in it", "<a href='https://x.example/'><img src=a alt='Shop now'></a>", "[Shop now] (https://x.example/)"),
        Sample("an image with no words in it", "<a href='https://x.example/'><img src=a></a>", "[image] (https://x.example/)"),
    ]

    static let images: [Sample] = [
        Sample("words for it", "<img src=a alt='Our team'>", "[Our team]"),
        Sample("none", "a<img src=a>b<img src=a alt=''>", "ab"),
        Sample("a file's name", "<img src=a alt='image001.png'>", ""),
        Sample("a pixel that counts", "<img src=a width=1 height=1 alt='Hello'><img src=b height=0 alt=x>", ""),
        Sample("hidden", "<img src=a alt='Hello' style='display:none'><div style='display:none'><img alt='Hello'></div>", ""),
    ]

    static let dropped: [Sample] = [
        Sample("script and style", "a<script>if (a<b) x('</p>')</script><style>p{}</style>b", "ab"),
        Sample("the title", "<head><title>T <b>x</title></head>a", "a"),
        Sample("a title closed as in XML", "<head><title/><meta charset=x></head><body>a", "a"),
        Sample("template, noscript, svg", "a<template>t</template><noscript>n</noscript><svg><text>s</text></svg>b", "ab"),
        Sample("frames and objects", "a<iframe src=x>i</iframe><object>o</object><video>v</video>b", "ab"),
        Sample(
            "what forms hold", "a<input value=v><textarea>t</textarea><select><option>o</select><button>Send</button>", "aSend"),
        Sample("comments", "a<!-- x -->b<!-->c<!--->d<!-- - -- > -->e<!-- x --!>f", "abcdef"),
        Sample("a comment that never ends", "a<!-- b", "a"),
        Sample("what only Outlook sees", "a<!--[if mso]><p>o</p><![endif]-->b", "ab"),
        Sample("what all but Outlook see", "a<![if !mso]>b<![endif]><!--[if !mso]><!-->c<!--<![endif]-->", "abc"),
        Sample("declarations", "<!DOCTYPE html PUBLIC 'x'><?xml version='1.0'?>a<![CDATA[x]]>b", "ab"),
        Sample("markup in attributes", "<p title='<!-- > <script>'>a</p><p title=it's>b</p>", "a\n\nb"),
        Sample("controls", "a\u{0}b\u{1}c\u{8}d", "abcd"),
        Sample("fillers of previews", "a&#847;&zwnj;&nbsp;&#8203;\u{FEFF}&shy;b", "a\u{200C} b"),
    ]

    @Test("Text is set as the page shows it", arguments: layout)
    func checkLayout(_ sample: Sample) { #expect(HTMLText.text(fromHTML: sample.html) == sample.text) }

    @Test("Links say where they lead, when that is a place to go", arguments: links)
    func checkLinks(_ sample: Sample) { #expect(HTMLText.text(fromHTML: sample.html) == sample.text) }

    @Test("Images are named by what they show", arguments: images)
    func checkImages(_ sample: Sample) { #expect(HTMLText.text(fromHTML: sample.html) == sample.text) }

    @Test("What is no text for a reader is left out", arguments: dropped)
    func checkDropped(_ sample: Sample) { #expect(HTMLText.text(fromHTML: sample.html) == sample.text) }
}
