import AtlasCore
import JSON

#if canImport(Darwin)
    import Darwin
#elseif canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// What a person or a program reads: results on standard output, the rest on standard error.
struct Console: Sendable {
    enum Colour: String, Sendable {
        case red = "31"
        case green = "32"
        case yellow = "33"
        case faint = "2"
        case bold = "1"
    }

    /// Whether standard output is a terminal.
    let isTerminal: Bool
    /// Whether standard error is one.
    let errorsAreTerminal: Bool
    private let coloursOutput: Bool
    private let coloursErrors: Bool

    /// Colours only on a terminal that has them, and not where `NO_COLOR` says no (no-color.org).
    init() {
        func variable(_ name: String) -> String { getenv(name).map { String(cString: $0) } ?? "" }
        let wanted = variable("NO_COLOR").isEmpty && variable("TERM") != "dumb"
        isTerminal = isatty(1) == 1
        coloursOutput = wanted && isTerminal
        errorsAreTerminal = isatty(2) == 1
        coloursErrors = wanted && errorsAreTerminal
    }

    /// Writes a line of the result.
    func line(_ text: String = "") { Self.write(1, text + "\n") }

    /// Writes a line about the result: progress, warnings, refusals.
    func note(_ text: String) { Self.write(2, text + "\n") }

    /// Writes progress over what the last line of standard error says.
    func redraw(_ text: String) { Self.write(2, "\r\u{1B}[K" + text) }

    /// Writes a JSON document: for people on several lines, for programs on one.
    func document(_ json: JSON) { line(isTerminal ? json.readable : json.plain) }

    func coloured(_ text: String, _ colour: Colour) -> String { coloursOutput ? Self.paint(text, colour) : text }
    func colouredNote(_ text: String, _ colour: Colour) -> String { coloursErrors ? Self.paint(text, colour) : text }

    private static func paint(_ text: String, _ colour: Colour) -> String {
        "\u{1B}[\(colour.rawValue)m\(text)\u{1B}[0m"
    }

    /// A reader that has gone (`atlas … | head`) ends the command, as it would end any filter.
    private static func write(_ descriptor: Int32, _ text: String) {
        do {
            try DescriptorIO.write(text.utf8, to: descriptor)
        } catch {
            if descriptor == 1, error.number == EPIPE { _exit(141) }
        }
    }
}
