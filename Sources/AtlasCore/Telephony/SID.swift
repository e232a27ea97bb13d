#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// The ids that a telephone company gives to what it keeps.
///
/// They come back to us as arguments and become parts of a path, so their shape is checked before anything is asked.
enum SID {
    /// Two letters that say what it is, and 32 hexadecimal digits (Twilio, "What is a SID?").
    static func isTwilio(_ text: String, prefix: String) -> Bool {
        text.utf8.count == 34 && text.hasPrefix(prefix) && text.utf8.dropFirst(2).allSatisfy(isHexadecimal)
    }

    /// A UUID, as SignalWire gives.
    static func isOpaque(_ text: String) -> Bool { UUID(canonical: text) != nil }

    /// - Throws: ``AtlasError`` `invalid_argument` that names the parameter and the shape.
    static func check(
        _ text: String, prefix: String, parameter: String, of company: TelephonyAccount.Company
    ) throws(AtlasError) -> String {
        let text = text.trimmed
        if isTwilio(text, prefix: prefix) || company == .signalwire && isOpaque(text) { return text }
        let shape = "\(prefix) and 32 hexadecimal digits" + (company == .signalwire ? ", or a UUID" : "")
        throw AtlasError(
            .invalidArgument, "\(parameter) must be \(shape), got \"\(text.cleaned().prefix(60))\".",
            parameter: parameter)
    }

    private static func isHexadecimal(_ octet: UInt8) -> Bool {
        octet &- 0x30 < 10 || octet &- 0x61 < 6 || octet &- 0x41 < 6
    }
}
