import CCurl
import Testing

@testable import AtlasCore

@Suite struct HTTPAddressTests {
    let curl: UnsafePointer<AtlasCurl>
    init() throws { curl = try #require(atlas_curl(nil)) }

    private func kind(_ url: String) -> HTTPError.Kind? {
        do {
            _ = try HTTPAddress(url, curl: curl)
            return nil
        } catch {
            #expect(!error.mayHaveArrived)
            return error.kind
        }
    }

    @Test(arguments: [
        ("https://api.twilio.com/2010-04-01/Accounts/AC1.json?To=%2B1&a=b", "api.twilio.com", 443),
        ("HTTPS://API.Example.COM", "api.example.com", 443), ("https://example.com:8443/x#part", "example.com", 8443),
        ("https://192.0.2.1/", "192.0.2.1", 443), ("https://[2001:db8::1]:9/", "[2001:db8::1]", 9),
        ("http://localhost:8080/v1", "localhost", 8080), ("http://127.0.0.1/", "127.0.0.1", 80),
        ("http://127.255.0.9:5/", "127.255.0.9", 5), ("http://[::1]:11434/api", "[::1]", 11434),
    ])
    func whatIsSafeIsTaken(url: String, host: String, port: Int) throws {
        let address = try HTTPAddress(url, curl: curl)
        #expect(address.host == host && address.port == port)
        #expect(!address.text.contains("#"))
    }

    @Test(arguments: [
        "http://example.com/", "http://192.168.0.1/", "http://10.0.0.1:8080/", "http://0.0.0.0/", "http://128.0.0.1/",
        "http://127.0.0.1.example.com/", "http://localhost.example.com/", "http://127.example/", "http://[::2]/",
        "http://[::ffff:192.0.2.1]/", "http://notlocalhost/", "http://localhost./",
    ])
    func plainHTTPIsForThisMachineOnly(url: String) {
        #expect(kind(url) == .insecure)
    }

    @Test(arguments: [
        "", " ", "example.com", "//example.com/", "/path", "https:", "https:/", "https://", "https:///path",
        "https:example.com",
        "ftp://example.com/", "file:///etc/passwd", "javascript:alert(1)", "data:,x", "gopher://localhost/",
        "httpss://a/",
        "https://user@example.com/", "https://user:secret@example.com/", "https://:secret@example.com/",
        "https://@example.com/",
        "http://localhost:80@example.com/", "https://example.com:0/", "https://example.com:99999/",
        "https://example.com:a/",
        "https://example.com/a b", "https://example.com/\r\nX: y", "https://example.com/\0", "https://exam\nple.com/",
        "https://example.com\\@evil.example/", "https://bücher.example/", "https://example.com/ü", "https://[::1",
        "https://[fe80::1%25eth0]/", "https://exa mple.com/", " https://example.com/", "https://?", "https://#",
        "https:// /",
    ])
    func whatIsNoneIsRefused(url: String) {
        #expect(kind(url) == .invalidURL)
    }

    @Test func anEndlessURLIsRefused() {
        #expect(kind("https://example.com/" + String(repeating: "a", count: 20_000)) == .invalidURL)
    }

    /// Whatever spelling gets through as plain http, its connection must go to this machine: judged by what libcurl itself makes of
    /// the text that it is handed.
    @Test func noSpellingOfAHostGetsAroundTheRule() {
        var pieces = [
            "127", "0", "1", ".", ":", "@", "/", "?", "#", "%", "[", "]", "::1", "localhost", "example", "x7f", "\\",
            "80", "http:", "%2e", "%40", "0177", ";",
        ]
        pieces.shuffle()
        for _ in 0..<20_000 {
            let host = (0..<Int.random(in: 1...7)).map { _ in pieces[Int.random(in: pieces.indices)] }.joined()
            guard let address = try? HTTPAddress("http://\(host)", curl: curl) else { continue }
            let isOurs = ["localhost", "[::1]"].contains(address.host) || address.host.hasPrefix("127.")
            let again = try? HTTPAddress(address.text, curl: curl)
            if !isOurs || again != address { Issue.record("\(host) became \(address)") }
        }
    }
}
