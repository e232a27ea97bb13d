import Foundation
import Testing

@testable import AtlasCore

@Suite struct HTTPTextTests {
    @Test func formsComeBackAsTheyWere() throws {
        for _ in 0..<500 {
            let fields = (0..<Int.random(in: 0...5)).map { _ in (name: randomText(), value: randomText()) }
            let text = String(decoding: FormEncoding.encode(fields), as: UTF8.self)
            #expect(text.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F })
            // Read back by rules that are written down elsewhere: Foundation's percent-decoding.
            let read = text.isEmpty ? [] : text.split(separator: "&", omittingEmptySubsequences: false)
            #expect(read.count == fields.count)
            for (pair, field) in zip(read, fields) {
                let sides = pair.split(separator: "=", omittingEmptySubsequences: false).map {
                    String($0).replacingOccurrences(of: "+", with: " ").removingPercentEncoding
                }
                #expect(sides == [field.name, field.value])
            }
        }
    }

    @Test func aFormIsWrittenAsBrowsersDo() {
        let octets = FormEncoding.encode([("a*-._ ~", "é+&=%\r\n\u{0}😀")])
        #expect(String(decoding: octets, as: UTF8.self) == "a*-._+%7E=%C3%A9%2B%26%3D%25%0D%0A%00%F0%9F%98%80")
    }

    private func randomText() -> String {
        let scalars: [Unicode.Scalar] = (0..<Int.random(in: 0...12)).map { _ in
            let value = [UInt32.random(in: 0...0x7F), .random(in: 0x80...0x7FF), .random(in: 0x1F300...0x1F6FF)]
                .randomElement()
            return Unicode.Scalar(value ?? 0) ?? "?"
        }
        return String(String.UnicodeScalarView(scalars))
    }

    private func take(_ reader: inout ResponseReader, _ line: [UInt8]) -> Bool {
        line.withUnsafeBytes { reader.takeHeader($0) }
    }

    /// Whatever lines come, the reader does not trap, holds no more than it may, and what it took is clean.
    @Test func headersOfNoServerDoNoHarm() {
        let seeds = [
            "HTTP/1.1 200 OK\r\n", "HTTP/2 204\r\n", "Content-Length: 5\r\n", "content-length: -1\r\n", "X: y\r\n",
            " folded\r\n",
            "\r\n", "no colon\r\n", ": empty\r\n", "Content-Length: 99999999999999999999\r\n",
            "Content-Encoding: gzip\r\n", "HTTP/",
            "HTTP/1.1 99\r\n", "HTTP/1.1 100 Continue\r\n", "\n", "",
        ].map { Array($0.utf8) }
        for _ in 0..<10_000 {
            var reader = ResponseReader(largestBody: 100)
            for _ in 0..<Int.random(in: 1...8) {
                var line = seeds.randomElement() ?? []
                for _ in 0..<Int.random(in: 0...2) where !line.isEmpty {
                    line[Int.random(in: line.indices)] = .random(in: 0...255)
                }
                if !take(&reader, line) {
                    #expect(reader.failure != nil)
                    break
                }
            }
            for octets in [Int.random(in: 0...80), .random(in: 0...80)] {
                let piece = [UInt8](repeating: 1, count: octets)
                if !piece.withUnsafeBytes({ reader.takeBody($0) }) { break }
            }
            let areClean = reader.headers.allSatisfy { header in
                HTTPFields.isToken(header.name) && !header.value.utf8.contains { $0 < 0x20 && $0 != 0x09 }
            }
            if !areClean || reader.body.count > 100 || !(0...999).contains(reader.status) {
                Issue.record("\(reader)")
            }
        }
    }

    @Test func theHeadIsBoundedAsAWhole() {
        var reader = ResponseReader(largestBody: 100)
        #expect(take(&reader, Array("HTTP/1.1 200 OK\r\n".utf8)))
        let line = Array("X-Field: \(String(repeating: "y", count: 1000))\r\n".utf8)
        var taken = 0
        while take(&reader, line) { taken += 1 }
        #expect(reader.failure == .malformedResponse)
        #expect((200...260).contains(taken))
    }
}
