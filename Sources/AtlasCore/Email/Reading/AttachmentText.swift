import MIME

#if canImport(Darwin)
    import Darwin
#elseif canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// The text in a file that somebody sent.
enum AttachmentText {
    /// Longer texts are cut.
    private static let mostOctets = 8 << 20

    /// - Returns: neither for a file that has no text; `problem` when it has one that cannot be read here.
    static func read(_ file: AttachedFile, _ octets: [UInt8]) -> (text: String?, problem: String?) {
        let type = file.contentType.lowercased()
        let ending =
            file.filename.split(separator: ".").count > 1
            ? file.filename.split(separator: ".").last.map { $0.lowercased() } ?? "" : ""
        if type == "application/pdf" || ending == "pdf" || octets.starts(with: Array("%PDF-".utf8)) {
            return pdf(octets)
        }
        if type == "text/html" || ["html", "htm", "xhtml"].contains(ending) {
            return (HTMLText.text(fromHTML: text(octets, file)), nil)
        }
        let isText =
            type.hasPrefix("text/") || textTypes.contains(type) || type.hasSuffix("+json") || type.hasSuffix("+xml")
            || type == "application/octet-stream" && textEndings.contains(ending)
        // Somebody's label does not make octets a text.
        guard isText, !octets.prefix(1024).contains(0) || type.contains("utf-16") else { return (nil, nil) }
        return (text(octets, file), nil)
    }

    private static let textTypes: Set<String> = [
        "application/json", "application/xml", "application/csv", "application/ics", "application/x-yaml",
        "application/yaml",
    ]
    private static let textEndings: Set<String> = [
        "txt", "csv", "tsv", "md", "json", "xml", "ics", "vcf", "log", "yaml", "yml",
    ]

    /// UTF-8 where it is that, else what the message said it is.
    private static func text(_ octets: [UInt8], _ file: AttachedFile) -> String {
        let octets = octets.count > mostOctets ? Array(octets.prefix(mostOctets)) : octets
        let part = MIMEPart(section: file.section, contentType: ContentType(), content: octets[...], size: octets.count)
        return part.decodedText().text
    }

    /// By `pdftotext` (poppler), where it is installed.
    private static func pdf(_ octets: [UInt8]) -> (text: String?, problem: String?) {
        guard let program = program else {
            return (nil, "The text of a PDF needs pdftotext (Debian: poppler-utils), which is not installed.")
        }
        guard let folder = PrivateFile.temporaryFolder() else {
            return (nil, "No temporary folder could be made for the PDF.")
        }
        defer { PrivateFile.remove(folder) }
        let (input, output) = ("\(folder)/in.pdf", "\(folder)/out.txt")
        guard PrivateFile.write(octets, to: input),
            let child = try? ChildProcess(
                [program, "-q", "-enc", "UTF-8", "-l", "500", input, output], output: "\(folder)/log")
        else { return (nil, "pdftotext could not be started.") }
        guard child.wait(atMost: 20) == 0, let text = PrivateFile.read(output, atMost: mostOctets) else {
            return (nil, "pdftotext could not read this PDF: it may be damaged or locked.")
        }
        let words = String(decoding: text, as: UTF8.self)
        guard words.contains(where: { !$0.isWhitespace }) else {
            return (nil, "This PDF has no text; it may be a scan.")
        }
        return (words.replacing("\u{0C}", with: "\n"), nil)
    }

    private static var program: String? {
        let path = getenv("PATH").map { String(cString: $0) } ?? "/usr/local/bin:/usr/bin:/bin"
        return path.split(separator: ":").map { "\($0)/pdftotext" }.first { $0.hasPrefix("/") && access($0, X_OK) == 0 }
    }
}

extension ChildProcess {
    /// Waits for its end, and ends it when that takes longer.
    ///
    /// - Returns: its exit code; the negated number of the signal that ended it.
    func wait(atMost seconds: Int) -> Int32 {
        for _ in 0..<seconds * 50 {
            var status: Int32 = 0
            switch waitpid(id, &status, WNOHANG) {
            case 0: usleep(20_000)
            case id: return status & 0x7F == 0 ? status >> 8 & 0xFF : -(status & 0x7F)
            default: if errno != EINTR { return -1 }
            }
        }
        kill(id, SIGKILL)
        return wait()
    }
}
