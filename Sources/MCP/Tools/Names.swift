extension String {
    /// The name as it stands on the wire: `contactType` is `contact_type`, `contactID` is `contact_id`.
    var snakeCased: String {
        var octets: [UInt8] = []
        appendSnakeCased(to: &octets)
        return String(decoding: octets, as: UTF8.self)
    }

    /// Appends ``snakeCased`` in UTF-8: results are written without a string in between.
    func appendSnakeCased(to octets: inout [UInt8]) {
        var name = self
        name.withUTF8 { letters in
            var copied = 0
            for index in letters.indices where letters[index].isUpper {
                octets.append(contentsOf: UnsafeBufferPointer(rebasing: letters[copied..<index]))
                if index > 0, letters.startsWord(at: index) { octets.append(UInt8(ascii: "_")) }
                octets.append(letters[index] | 0x20)
                copied = index + 1
            }
            octets.append(contentsOf: UnsafeBufferPointer(rebasing: letters[copied...]))
        }
    }

    /// `search_contacts` is `Search contacts`.
    var titled: String {
        var letters = utf8.map { $0 == UInt8(ascii: "_") ? UInt8(ascii: " ") : $0 }
        if let first = letters.first, first.isLower { letters[0] = first & ~0x20 }
        return String(decoding: letters, as: UTF8.self)
    }

    /// Whether the name is one that every client takes: `[a-z][a-z0-9_]*`, at most 64 characters.
    var isWireName: Bool {
        utf8.count <= 64 && utf8.first?.isLower == true
            && utf8.allSatisfy { $0.isLower || (0x30...0x39).contains($0) || $0 == UInt8(ascii: "_") }
    }

    /// The one of `names` that is most likely meant by this one, and whether it is near enough to be a slip.
    func nearest(among names: [String]) -> (name: String, isNear: Bool)? {
        let wanted = Array(utf8.prefix(64))
        let words = Set(split(separator: "_"))
        return
            names.map { name in
                // `name` means `full_name` rather than `notes`, though that is fewer letters away.
                let sharesWords = !words.isDisjoint(with: name.split(separator: "_"))
                let distance = sharesWords ? 1 : wanted.editDistance(to: Array(name.utf8))
                return (name: name, distance: distance)
            }
            .min { $0.distance < $1.distance }
            .map { ($0.name, $0.distance <= Swift.max(2, wanted.count / 3)) }
    }
}

extension UInt8 {
    fileprivate var isUpper: Bool { self &- 0x41 < 26 }
    fileprivate var isLower: Bool { self &- 0x61 < 26 }
}

extension UnsafeBufferPointer<UInt8> {
    /// Whether the capital at `index` begins a word: after a small letter, or before one, unless that is the `s` of several
    /// acronyms, as in `mediaURLs`.
    fileprivate func startsWord(at index: Int) -> Bool {
        guard self[index - 1].isUpper else { return true }
        guard index + 1 < count, self[index + 1].isLower else { return false }
        let isPlural = self[index + 1] == UInt8(ascii: "s") && (index + 2 == count || self[index + 2].isUpper)
        return !isPlural
    }
}

extension [UInt8] {
    /// How many letters have to be added, dropped or replaced (Levenshtein).
    fileprivate func editDistance(to other: [UInt8]) -> Int {
        var row = Array<Int>(0...other.count)
        for (i, letter) in enumerated() {
            var diagonal = i
            row[0] = i + 1
            for (j, candidate) in other.enumerated() {
                let next = Swift.min(row[j] + 1, row[j + 1] + 1, diagonal + (letter == candidate ? 0 : 1))
                diagonal = row[j + 1]
                row[j + 1] = next
            }
        }
        return row[other.count]
    }
}
