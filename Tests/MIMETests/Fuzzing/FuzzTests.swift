import Foundation
import MIME
import Testing

/// Messages that have been broken at random, for a few seconds: whatever comes, reading ends, and what it gives holds together.
@Suite("Random mail")
struct FuzzTests {
    /// About how long; `ATLAS_FUZZ_SECONDS` says otherwise.
    static var seconds: Double {
        ProcessInfo.processInfo.environment["ATLAS_FUZZ_SECONDS"].flatMap { Double($0) } ?? 4
    }

    @Test("Broken messages are read to their end")
    func messages() {
        let environment = ProcessInfo.processInfo.environment
        let seed = environment["ATLAS_FUZZ_SEED"].flatMap { UInt64($0) } ?? 20_260_301
        var mutation = MailMutation(seed: seed)
        let seeds = PythonCorpusTests.files.sorted { $0.key < $1.key }.map(\.value) + MailMutation.ownSeeds
        let clock = ContinuousClock()
        let end = clock.now + .seconds(Self.seconds)
        var count = 0
        while clock.now < end {
            let octets = mutation.mutate(seeds)
            let broken = MailInvariants.broken(octets)
            count += 1
            guard broken.isEmpty else {
                Issue.record("seed \(seed), message \(count): \(broken)\n\(Data(octets).base64EncodedString())")
                return
            }
        }
        FileHandle.standardError.write(Data("\(count) broken messages read, seed \(seed)\n".utf8))
        #expect(count > 10)
    }
}
