/// What a person's name may look like in a transcript.
enum PersonalName {
    private static let particles: Set<String> = [
        "de", "la", "del", "van", "von", "der", "den", "da", "di", "dos", "bin", "ibn", "al", "el", "le", "ter", "ten",
        "y",
    ]
    private static let titles: Set<String> = ["mr", "mrs", "ms", "miss", "dr", "prof"]

    /// Words that begin with a capital, or stand where a name would, and are none.
    private static let none: Set<String> = [
        "a", "about", "actually", "afraid", "again", "all", "already", "also", "always", "am", "american", "an", "and",
        "any",
        "april", "at", "august", "available", "back", "be", "because", "but", "calling", "can", "christmas", "correct",
        "could",
        "customer", "december", "definitely", "do", "doing", "easter", "fine", "flexible", "for", "free", "friday",
        "from",
        "glad", "going", "gonna", "good", "great", "happy", "having", "he", "hello", "her", "here", "hey", "hi", "him",
        "his",
        "home", "hoping", "how", "i", "i'd", "i'll", "i'm", "i've", "if", "important", "in", "interested", "is", "it",
        "it's",
        "january", "july", "june", "just", "kind", "like", "literally", "looking", "ma'am", "make", "march", "maybe",
        "me",
        "moving", "monday", "my", "need", "new", "no", "nobody", "not", "november", "now", "october", "of", "off", "oh",
        "okay",
        "ok", "on", "one", "only", "open", "or", "our", "out", "please", "probably", "ready", "really", "regarding",
        "right",
        "saturday", "september", "she", "sick", "sir", "so", "sorry", "spelled", "still", "sunday", "sure", "thank",
        "thanks",
        "that", "that's", "the", "their", "there", "they", "this", "thursday", "to", "today", "tomorrow", "trying",
        "tuesday",
        "uh", "um", "unable", "unavailable", "unhappy", "unknown", "up", "upset", "urgent", "very", "waiting",
        "wanting", "we",
        "wednesday", "well", "what", "when", "where", "who", "why", "wife", "husband", "with", "wondering", "would",
        "wrong",
        "yeah", "yes", "you", "your", "february", "good", "then", "there's", "how's", "an", "as", "by", "calls",
        "voicemail",
        "yours", "us", "pretty", "calling", "happy", "god", "jesus", "internet", "facebook", "google", "yelp",
        "craigslist",
        "spanish", "english", "mexican", "canadian", "british", "mom", "mommy", "dad", "honey", "grandma", "grandpa",
    ]

    /// Where the name that begins at `start` ends; nil when there is none.
    static func end(_ turn: SpokenTurn, from start: Int, before limit: Int, hasCapitals: Bool) -> Int? {
        var index = start
        var names = 0
        while index < min(limit, turn.words.count), names < 4 {
            let word = turn.words[index]
            let isTitle = titles.contains(word.lower)
            if isTitle, names == 0 {
                index += 1
                guard index < limit else { return nil }
                names = 0
                if word.endsClause, !word.raw.hasSuffix(".") { return nil }
                continue
            }
            if names > 0, hasCapitals, particles.contains(word.lower) {
                let next = turn.words[index..<min(limit, turn.words.count)].first { !particles.contains($0.lower) }
                guard let next, isNameWord(next, hasCapitals), !word.endsClause else { break }
                index += 1
                continue
            }
            guard isNameWord(word, hasCapitals), hasCapitals || names < 2 else { break }
            // "Ann's husband" is not Ann.
            if word.lower.hasSuffix("'s") { return nil }
            names += 1
            index += 1
            let isInitial = word.core.count == 1
            if word.endsClause, !isInitial { break }
        }
        return names > 0 ? index : nil
    }

    private static func isNameWord(_ word: SpokenWord, _ hasCapitals: Bool) -> Bool {
        guard !none.contains(word.lower), word.core.count <= 32, word.core.first?.isLetter == true,
            word.core.allSatisfy({ $0.isLetter || "'\u{2019}-.".contains($0) })
        else { return false }
        // A row of single letters is a spelling.
        if word.core.count > 2, word.core.split(separator: "-").allSatisfy({ $0.count == 1 }) { return false }
        return hasCapitals ? word.startsUpper : word.core.count > 1 && !word.lower.hasSuffix("ing")
    }

    static func text(_ turn: SpokenTurn, _ range: Range<Int>, capitalizing: Bool = false) -> String {
        var text = turn.text(range)
        if capitalizing {
            text = text.split(separator: " ").map { $0.prefix(1).uppercased() + $0.dropFirst() }.joined(separator: " ")
        }
        return text
    }

    /// Whether a text may be somebody's name: no address, no link, no sentence.
    static func accepts(_ text: String) -> Bool {
        let words = text.split(whereSeparator: \.isWhitespace)
        guard (1...6).contains(words.count), text.unicodeScalars.count <= 128, text.contains(where: \.isLetter),
            text.allSatisfy({ $0.isLetter || " '\u{2019}\u{2018}-.,()\u{00B7}\"&".contains($0) })
        else { return false }
        let lower = text.lowercased()
        let placeholders: Set<String> = [
            "unknown", "caller", "the caller", "customer", "the customer", "none", "null", "n.a.", "anonymous",
            "not provided",
            "not given", "not stated", "not mentioned", "unknown caller", "unspecified", "no name", "agent", "string",
            "client",
        ]
        return !placeholders.contains(lower) && ![".com", ".net", ".org", "www."].contains { lower.contains($0) }
    }
}
