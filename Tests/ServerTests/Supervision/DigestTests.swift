import AtlasCore
import Foundation
import MCP
import TestSupport
import Testing

@Suite("Our SHA-256 is PostgreSQL's")
struct DigestTests {
    /// Every length around the ends of the blocks, where the padding changes (FIPS 180-4, section 5.1.1).
    @Test func everyLengthUpToFourBlocksAndALongOne() async throws {
        let database = try await TestDatabase().open()
        let texts = (Array(0...260) + [100_000]).map { length in
            Data((0..<length).map { UInt8(truncatingIfNeeded: $0 &* 167 &+ length) })
        }
        let digests: [Data] = try await database.run { connection in
            try texts.map { try connection.value("SELECT sha256(\($0))") ?? Data() }
        }
        for (text, digest) in zip(texts, digests) { #expect(Data(SHA256.hash(text)) == digest, "\(text.count) octets") }
        await database.close()
    }
}
