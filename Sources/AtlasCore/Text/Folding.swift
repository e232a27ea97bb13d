extension String {
    /// The text as two people would call it the same: lower case, without accents, blanks and punctuation between words as one
    /// space. `José  GARCÍA-López` and `jose garcia lopez` fold alike.
    ///
    /// For comparing in memory; the database folds for itself when it searches.
    public var folded: String {
        var result = ""
        result.reserveCapacity(utf8.count)
        var isBetweenWords = false
        for scalar in lowercased().unicodeScalars {
            if (0x0300...0x036F).contains(scalar.value) || scalar == "'" || scalar == "\u{2019}" { continue }
            guard scalar.properties.isAlphabetic || scalar.properties.numericType != nil else {
                isBetweenWords = !result.isEmpty
                continue
            }
            if isBetweenWords { result.append(" ") }
            isBetweenWords = false
            if scalar.value < 0x80 {
                result.unicodeScalars.append(scalar)
            } else if let plain = Self.plainLetters[scalar] {
                result.append(plain)
            } else {
                result.unicodeScalars.append(scalar)
            }
        }
        return result
    }

    /// Accented letters by the plain ones that stand for them (Unicode 15 decompositions and the letters that
    /// PostgreSQL's `unaccent` takes apart besides).
    private static let plainLetters: [Unicode.Scalar: String] = {
        var letters: [Unicode.Scalar: String] = [:]
        for (plain, accented) in plainAndAccented {
            for scalar in accented.unicodeScalars { letters[scalar] = plain }
        }
        return letters
    }()

    private static let plainAndAccented: [(String, String)] = [
        ("a", "àáâãäåāăąǎǟǡǻȁȃȧḁạảấầẩẫậắằẳẵặ"),
        ("ae", "æǣǽ"),
        ("b", "ƀɓḃḅḇ"),
        ("c", "çćĉċčḉ"),
        ("d", "ðďđḋḍḏḑḓ"),
        ("dz", "ǆǳ"),
        ("e", "èéêëēĕėęěȅȇȩḕḗḙḛḝẹẻẽếềểễệ"),
        ("f", "ƒḟ"),
        ("g", "ĝğġģǧǵḡ"),
        ("h", "ĥħȟḣḥḧḩḫẖ"),
        ("i", "ìíîïĩīĭįıǐȉȋḭḯỉị"),
        ("ij", "ĳ"),
        ("j", "ĵǰ"),
        ("k", "ķǩḱḳḵ"),
        ("l", "ĺļľŀłḷḹḻḽ"),
        ("lj", "ǉ"),
        ("m", "ḿṁṃ"),
        ("n", "ñńņňŉŋǹṅṇṉṋ"),
        ("nj", "ǌ"),
        ("o", "òóôõöøōŏőơǒǫǭǿȍȏȫȭȯȱṍṏṑṓọỏốồổỗộớờởỡợ"),
        ("oe", "œ"),
        ("p", "ṕṗ"),
        ("q", "ĸ"),
        ("r", "ŕŗřȑȓṙṛṝṟ"),
        ("s", "śŝşšſșṡṣṥṧṩẛ"),
        ("ss", "ß"),
        ("t", "ţťŧțṫṭṯṱẗ"),
        ("th", "þ"),
        ("u", "ùúûüũūŭůűųưǔǖǘǚǜȕȗṳṵṷṹṻụủứừửữự"),
        ("v", "ṽṿ"),
        ("w", "ŵẁẃẅẇẉẘ"),
        ("x", "ẋẍ"),
        ("y", "ýÿŷȳẏẙỳỵỷỹ"),
        ("z", "źżžẑẓẕ"),
        ("и", "й"),
        ("е", "ё"),
    ]
}
