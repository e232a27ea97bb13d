/// An e-mail address that somebody says in a call: `ann@example.com`, `ann dot lee at example dot com`.
struct EmailMention: Sendable, Equatable {
    var email: EmailAddress
    /// `our e-mail is`, `write to us at`
    var isOurs: Bool
    /// `my email is`
    var isIntroduced: Bool

    static func all(in turn: SpokenTurn) -> [EmailMention] {
        var mentions: [EmailMention] = []
        let spelling = EmailSpelling(turn)
        for index in turn.words.indices {
            guard let (text, start) = written(turn, index) ?? spelling.address(at: index),
                let email = EmailAddress(text)
            else {
                continue
            }
            let before = turn.lowered(max(0, start - 8)..<start)
            mentions.append(
                EmailMention(
                    email: email,
                    isOurs: [" our email", " our e-mail", " us at ", " email us ", " write to us "].contains {
                        before.contains($0)
                    },
                    isIntroduced: introductions.contains { before.contains($0) }))
        }
        return mentions
    }

    private static let introductions = [" my email", " my e-mail", " email is ", " address is ", " email me at "]

    private static func written(_ turn: SpokenTurn, _ index: Int) -> (String, Int)? {
        let word = turn.words[index]
        guard word.core.contains("@"), word.core.count <= 254 else { return nil }
        return (word.lower, index)
    }
}
