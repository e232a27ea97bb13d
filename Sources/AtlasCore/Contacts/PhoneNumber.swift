import Synchronization

/// A phone number that can be dialled from anywhere, as E.164 (ITU-T): `+12175550134`.
///
/// A possible number is enough: fictional and newly opened ranges count. Equal numbers are one identity.
public struct PhoneNumber: Sendable, Hashable, CustomStringConvertible {
    public let e164: String

    public var description: String { e164 }

    /// Reads a number in any format, as it would be dialled in `region`.
    ///
    /// By libphonenumber, which loads its metadata (25 ms) when it is first needed. A number of the North American plan in
    /// common spelling does not need it: `+1` and ten digits that do not start with 0 or 1 are always possible.
    ///
    /// - Parameter region: ISO 3166-1 alpha-2, e.g. `US`.
    /// - Returns: nil for what cannot be completed to E.164 (`555-0134`), for withheld callers, and for what is no number.
    public static func normalize(_ text: String, region: String) -> PhoneNumber? {
        guard case .number(let number) = GivenPhone(text, region: region) else { return nil }
        return number
    }

    /// More than 250 octets are no number; libphonenumber draws the line there too.
    static let longestText = 250

    init(e164: String) { self.e164 = e164 }

    /// The digits without the plus sign.
    public var digits: Substring { e164.dropFirst() }
}

/// What a text given as a phone number turned out to be.
public enum GivenPhone: Sendable, Equatable {
    /// A complete number: an identity.
    case number(PhoneNumber)
    /// Something else, kept as it was given: seven digits without an area code, an extension, words. No identity.
    case incomplete(String)
    /// A caller who hid the number, in a carrier's words or code. No identity, and two of them are two people.
    case withheld(String)

    public init(_ text: String, region: String) {
        let text = text.cleaned()
        if WithheldCaller.matches(text) {
            self = .withheld(text)
        } else if let number = PhoneNumber(commonSpelling: text, region: region) ?? PhoneLibrary.number(text, region) {
            self = WithheldCaller.codes.contains(number.e164) ? .withheld(text) : .number(number)
        } else {
            self = .incomplete(text)
        }
    }

    public var number: PhoneNumber? {
        guard case .number(let number) = self else { return nil }
        return number
    }

    /// How the phone is stored and shown: E.164 where known, else as given.
    public var text: String {
        switch self {
        case .number(let number): number.e164
        case .incomplete(let text), .withheld(let text): text
        }
    }
}

/// What carriers send, and people write, in place of a number that the caller hides or nobody knows.
enum WithheldCaller {
    /// Words spelt on a keypad: ANONYMOUS, RESTRICTED, BLOCKED, UNKNOWN, UNAVAILABLE.
    static let codes: Set<String> = ["+266696687", "+7378742833", "+2562533", "+8656696", "+86282452253"]
    static let words: Set<String> = [
        "anonymous", "restricted", "blocked", "unknown", "unavailable", "private", "withheld", "nocallerid",
        "privatenumber",
        "unknowncaller", "unknownnumber", "anonymouscaller", "callerunknown", "notavailable", "none", "na", "null",
    ]

    static func matches(_ text: String) -> Bool {
        guard text.utf8.count <= 64 else { return false }
        var letters = ""
        var digits = "+"
        for scalar in text.unicodeScalars where scalar.isASCII {
            if (scalar.value | 0x20) &- 0x61 < 26 { letters.unicodeScalars.append(scalar) }
            if ("0"..."9").contains(scalar) { digits.unicodeScalars.append(scalar) }
        }
        if digits == "+" { return words.contains(letters.lowercased()) }
        return letters.isEmpty && text.hasPrefix("+") && codes.contains(digits)
    }
}

extension PhoneNumber {
    /// Reads what needs no metadata: ten digits of the North American plan, with or without its 1, in ASCII spelling.
    ///
    /// Equal to libphonenumber's answer by its rules (a length of ten is possible in every region of +1, and neither the national
    /// prefix 1 nor the international 011 can stand before a digit from 2 to 9) and by test.
    init?(commonSpelling text: String, region: String) {
        var digits: [UInt8] = []
        var hasPlus = false
        for octet in text.utf8 {
            switch octet {
            case UInt8(ascii: "0")...UInt8(ascii: "9"):
                guard digits.count < 11 else { return nil }
                digits.append(octet)
            case UInt8(ascii: "+"):
                guard digits.isEmpty, !hasPlus else { return nil }
                hasPlus = true
            case UInt8(ascii: " "), UInt8(ascii: "-"), UInt8(ascii: "("), UInt8(ascii: ")"), UInt8(ascii: "."): continue
            default: return nil
            }
        }
        guard hasPlus || region == "US" || region == "CA" else { return nil }
        if digits.count == 11, digits[0] == UInt8(ascii: "1") {
            digits.removeFirst()
        } else if hasPlus {
            return nil
        }
        guard digits.count == 10, digits[0] >= UInt8(ascii: "2"), text.utf8.count <= 40 else { return nil }
        self.init(e164: "+1" + String(decoding: digits, as: UTF8.self))
    }
}

/// libphonenumber, remembering its last answers: a foreign number costs it 0.1 ms.
private enum PhoneLibrary {
    private struct Question: Hashable {
        let text: String
        let region: String
    }

    private static let answers = Mutex<[Question: PhoneNumber?]>([:])

    static func number(_ text: String, _ region: String) -> PhoneNumber? {
        guard text.utf8.count <= PhoneNumber.longestText, text.utf8.contains(where: { $0 &- 0x30 < 10 || $0 >= 0x80 })
        else {
            return nil
        }
        let question = Question(text: text, region: region)
        if let known = answers.withLock({ $0[question] }) { return known }
        let answer = PhoneDescription(text, region: region).flatMap { $0.e164.map(PhoneNumber.init(e164:)) }
        answers.withLock {
            if $0.count >= 512 { $0.removeAll(keepingCapacity: true) }
            $0[question] = .some(answer)
        }
        return answer
    }
}
