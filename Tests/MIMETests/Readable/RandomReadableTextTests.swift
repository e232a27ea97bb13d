import Foundation
import Testing

@testable import MIME

@Suite("Readable text of random mail")
struct RandomReadableTextTests {
    @Test("Whatever a message is broken to, its text and its files come, within their bounds")
    func messages() {
        let seconds = ProcessInfo.processInfo.environment["ATLAS_FUZZ_SECONDS"].flatMap { Double($0) } ?? 3
        var mutation = MailMutation(seed: 20_260_303)
        let seeds =
            PythonCorpusTests.files.sorted { $0.key < $1.key }.map(\.value) + MailMutation.ownSeeds
            + ReadableTextTests.samples.map { Array($0.mail.utf8) }
        let clock = ContinuousClock()
        let end = clock.now + .seconds(seconds)
        var count = 0
        while clock.now < end {
            let octets = mutation.mutate(seeds)
            let root = MailMessage(parsing: octets).root
            let text = root.readableText(limit: 5000)
            let files = root.attachedFiles
            count += 1
            guard text.text.utf8.count <= 5000, text.newText.utf8.count <= 5000, root.textSections.count <= 5000,
                files.allSatisfy({ SafeFilename.clean($0.filename) == $0.filename && $0.size >= 0 })
            else {
                Issue.record("message \(count): \(Data(octets).base64EncodedString())")
                return
            }
        }
        #expect(count > 10)
    }
}
