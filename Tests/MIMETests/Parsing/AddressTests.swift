import MIME
import Testing

@Suite("Address lists")
struct AddressTests {
    /// Each mailbox as `name|address`.
    private func list(_ text: String) -> [String] {
        MailAddress.list(parsing: text).map { "\($0.name ?? "")|\($0.address)" }
    }

    @Test(
        "Lists, as they should be and as they are",
        arguments: [
            ("ann@example.com", ["|ann@example.com"]), ("Ann Lee <ann@example.com>", ["Ann Lee|ann@example.com"]),
            ("\"Lee, Ann\" <ann@example.com>, bob@example.com", ["Lee, Ann|ann@example.com", "|bob@example.com"]),
            ("ann@example.com (Ann Lee)", ["Ann Lee|ann@example.com"]),
            ("<ann@example.com> (Ann (the) Lee)", ["Ann (the) Lee|ann@example.com"]),
            ("Ann <ann@example.com> (at work)", ["Ann|ann@example.com"]),
            // RFC 5322, appendix A.
            (
                "A Group:Ed Jones <c@a.test>,joe@where.test,John <jdoe@one.test>;",
                ["Ed Jones|c@a.test", "|joe@where.test", "John|jdoe@one.test"]
            ),
            ("Undisclosed recipients:;", []), ("undisclosed-recipients: ;, ann@example.com", ["|ann@example.com"]),
            ("Pete(A nice \\) chap) <pete(his account)@silly.test(his host)>", ["Pete|pete@silly.test"]),
            (
                "A Group(Some people)\r\n :Chris Jones <c@(Chris's host.)public.example>,\r\n joe@example.org,\r\n John <jdoe@one.test> (my dear friend); (the end of the group)",
                ["Chris Jones|c@public.example", "|joe@example.org", "John|jdoe@one.test"]
            ),
            ("Joe Q. Public <john.q.public@example.com>", ["Joe Q. Public|john.q.public@example.com"]),
            ("<@node.test:mary@example.net>, , jdoe@test   . example", ["|mary@example.net", "|jdoe@test"]),
            ("<@a,@b:joe@x.test>", ["|joe@x.test"]), ("john.doe @ example.com", ["|john.doe@example.com"]),
            ("\"Joe \\\"Q\\\" P\" <j@x.test>", ["Joe \"Q\" P|j@x.test"]),
            ("\"john doe\"@x.test", ["|\"john doe\"@x.test"]),
            ("\"john\"@x.test", ["|john@x.test"]), ("user@[192.168.0.1]", ["|user@[192.168.0.1]"]),
            // Commas that are missing, and semicolons.
            ("Ann <a@x.test> Bob <b@x.test>", ["Ann|a@x.test", "Bob|b@x.test"]),
            ("a@x.test b@x.test", ["|a@x.test", "|b@x.test"]),
            ("a@x.test; Bob <b@x.test>", ["|a@x.test", "Bob|b@x.test"]), ("Ann Lee a@x.test", ["Ann Lee|a@x.test"]),
            // Encoded words, also with what must not stand in them, in quotes, and UTF-8.
            ("=?utf-8?Q?Andr=C3=A9?= <a@x.test>", ["André|a@x.test"]),
            ("=?utf-8?Q?Lee,_Ann?= <a@x.test>", ["Lee, Ann|a@x.test"]),
            ("=?utf-8?Q?Lee=2C?= =?utf-8?Q?_Ann?= <a@x.test>", ["Lee, Ann|a@x.test"]),
            ("\"=?utf-8?B?QW5kcsOp?=\" <a@x.test>", ["André|a@x.test"]),
            ("André <andré@exämple.test>", ["André|andré@exämple.test"]),
            ("a@x.test (=?utf-8?Q?Andr=C3=A9?=)", ["André|a@x.test"]),
            // What does not end.
            ("Ann <a@x.test", ["Ann|a@x.test"]), ("Ann <a@x.test, b@x.test", ["Ann|a@x.test", "|b@x.test"]),
            ("\"Ann <a@x.test>", ["Ann|a@x.test"]),
            ("(Ann a@x.test", ["Ann|a@x.test"]), ("a@x.test,", ["|a@x.test"]), ("a@[1.2", ["|a@1.2"]),
            // Nothing to be found.
            ("", []), ("<>", []), ("@", []), ("a@", []), ("@b", []), ("Ann Lee", []), (",;:,;", []),
            ("mailto:a@x.test", ["|a@x.test"]),
            ("Mail Delivery System <MAILER-DAEMON>", ["Mail Delivery System|MAILER-DAEMON"]),
            ("a@b@c.test", ["|a@b@c.test"]),
        ])
    func lists(_ text: String, _ expected: [String]) { #expect(list(text) == expected) }

    @Test("Fields of one name are one list, and octets that are no UTF-8 are read")
    func fields() {
        let header = MailHeader(
            parsing: (Array("To: a@x.test\nto: Andr".utf8) + [0xE9] + Array(" <b@x.test>\n\n".utf8))[...])
        #expect(header.addresses("TO").map(\.text) == ["a@x.test", "André <b@x.test>"])
    }

    @Test("Groups in groups in groups, and a long one of each, are read without harm")
    func hostile() {
        #expect(MailAddress.list(parsing: String(repeating: "a:", count: 50_000)).isEmpty)
        #expect(
            MailAddress.list(parsing: String(repeating: "a:", count: 50_000) + "x@y.test").map(\.address) == [
                "x@y.test"
            ])
        #expect(
            MailAddress.list(parsing: String(repeating: "(", count: 100_000) + "x@y.test").map(\.address) == [
                "x@y.test"
            ])
        let comments = String(repeating: "(", count: 50_000) + String(repeating: ")", count: 50_000)
        #expect(MailAddress.list(parsing: comments + "x@y.test").map(\.address) == ["x@y.test"])
    }

    @Test(
        "A mailbox for readers is one that can be read back",
        arguments: [
            (nil, "a@x.test"), ("Ann Lee", "Ann Lee <a@x.test>"), ("Lee, Ann", "\"Lee, Ann\" <a@x.test>"),
            ("Joe Q. Public", "Joe Q. Public <a@x.test>"),
            ("A \"B\" \\", "\"A \\\"B\\\" \\\\\" <a@x.test>"), ("André", "André <a@x.test>"),
            ("b@y.test", "\"b@y.test\" <a@x.test>"),
        ] as [(String?, String)])
    func text(_ name: String?, _ text: String) {
        let mailbox = MailAddress(name: name, address: "a@x.test")
        #expect(mailbox.text == text)
        #expect(MailAddress.list(parsing: text) == [mailbox])
    }
}
