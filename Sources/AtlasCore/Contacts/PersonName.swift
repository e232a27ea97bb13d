/// A full name taken apart.
enum PersonName {
    /// The first word, and the rest: `Ann Mary Lee` is `Ann`, `Mary Lee`; a single word is a first name. `Lee, Ann` is turned
    /// round, unless what follows the comma belongs to the name (`Lee, Jr.`, `Lee Ltd, Inc.`).
    static func parts(of fullName: String) -> (first: String?, last: String?) {
        // Most names have no comma: no need to look for it character by character.
        let halves =
            fullName.utf8.contains(UInt8(ascii: ","))
            ? fullName.split(separator: ",", omittingEmptySubsequences: false) : [fullName[...]]
        if halves.count == 2, !isSuffix(halves[1]), !words(halves[1]).isEmpty, !words(halves[0]).isEmpty {
            return (cut(words(halves[1]).joined(separator: " ")), cut(words(halves[0]).joined(separator: " ")))
        }
        let all = words(fullName[...])
        return (all.first.map { cut(String($0)) }, all.count > 1 ? cut(all.dropFirst().joined(separator: " ")) : nil)
    }

    private static func words(_ text: Substring) -> [Substring] {
        let isPlain = text.utf8.allSatisfy { (0x20..<0x7F).contains($0) }
        guard isPlain else { return text.split(whereSeparator: \.isWhitespace) }
        return text.utf8.split(separator: UInt8(ascii: " ")).map(Substring.init)
    }

    private static func isSuffix(_ text: Substring) -> Bool {
        let suffixes: Set<String> = [
            "jr", "sr", "ii", "iii", "iv", "md", "phd", "esq", "inc", "llc", "ltd", "co", "corp", "gmbh", "plc", "dds",
            "rn",
        ]
        return suffixes.contains(text.lowercased().filter(\.isLetter))
    }

    /// The columns hold 128 characters.
    private static func cut(_ text: String) -> String { String(text.unicodeScalars.prefix(128)) }
}
