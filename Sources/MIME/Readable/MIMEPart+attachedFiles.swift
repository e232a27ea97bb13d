extension MIMEPart {
    /// The parts that are handed over as files: attachments, whatever has a name, and what is no text to be read. Names are safe.
    public var attachedFiles: [AttachedFile] {
        var files: [AttachedFile] = []
        let shown = Set(textSections)
        // Embedded messages are one file each: what they hold is theirs.
        var waiting: [(part: MIMEPart, isAlternative: Bool)] = [(self, false)]
        while let (part, isAlternative) = waiting.popLast() {
            if part.contentType.isEmbeddedMessage {
                files.append(part.file)
            } else if part.contentType.type == "multipart" {
                let isAlternative = part.contentType.subtype == "alternative"
                waiting += part.children.reversed().map { ($0, isAlternative) }
            } else if part.isFile(isShown: shown.contains(part.section), isAlternative: isAlternative) {
                files.append(part.file)
            }
        }
        return files
    }

    private func isFile(isShown: Bool, isAlternative: Bool) -> Bool {
        if isAttachment { return true }
        let name = filename
        if isShown { return name != nil && contentType.mediaType != "text/calendar" }
        // Another form of the text, and no file.
        if contentType.type == "text", isAlternative || isText, name == nil { return false }
        if contentType.mediaType == "application/pgp-encrypted" { return false }
        guard contentType.type == "image", header["Content-ID"] != nil else { return true }
        // A picture within the text: one without a name, or so small, is decoration or counts readers.
        return name != nil && fileSize > 1024
    }

    private var file: AttachedFile {
        AttachedFile(section: section, filename: safeFilename, contentType: contentType.mediaType, size: fileSize)
    }

    private var safeFilename: String {
        if let name = filename.flatMap({ SafeFilename.clean($0) }) { return name }
        let ending = SafeFilename.ending(of: contentType.mediaType)
        if contentType.isEmbeddedMessage, let subject = children.first?.header.subject,
            let name = SafeFilename.clean(subject)
        {
            return SafeFilename.clean("\(name.cut(octets: 150)).eml") ?? "message.eml"
        }
        return "part-\(section.isEmpty ? "1" : section).\(ending)"
    }

    /// Octets after decoding, reckoned from those transferred.
    private var fileSize: Int {
        switch encoding {
        case .base64:
            // Counted where they are there: lines may be of any length. Else 76 characters and a line end are taken for a line.
            guard let content else { return max(0, size) / 78 * 57 + max(0, size) % 78 * 3 / 4 }
            var letters = 0
            for octet in content
            where octet.isLetter || octet.isDigit || octet == UInt8(ascii: "+") || octet == UInt8(ascii: "/") {
                letters += 1
            }
            return letters * 3 / 4
        case .quotedPrintable: return content == nil ? max(0, size) : decodedContent().count
        case .identity, .unknown: return max(0, size)
        }
    }
}

/// A file's name that can be shown and written: no path, nothing unseen, of bounded length.
enum SafeFilename {
    static let longest = 200

    /// - Returns: nil when nothing is left of it.
    static func clean(_ name: String) -> String? {
        var cleaned = ""
        for scalar in name.split(whereSeparator: { $0 == "/" || $0 == "\\" }).last.map(String.init)?.unicodeScalars
            ?? "".unicodeScalars
        {
            switch scalar.properties.generalCategory {
            // Bidi characters turn "gpj.exe" into what looks like a picture.
            case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate, .privateUse, .unassigned: continue
            case _ where ":*?\"<>|".unicodeScalars.contains(scalar): cleaned += "_"
            default: cleaned.unicodeScalars.append(scalar)
            }
        }
        cleaned = cleaned.split(whereSeparator: \.isWhitespace).joined(separator: " ")
        while let first = cleaned.first, first == "." { cleaned.removeFirst() }
        guard cleaned.contains(where: { $0.isLetter || $0.isNumber }) else { return nil }
        guard cleaned.utf8.count > longest else { return cleaned }
        // The ending says what it is, and stays.
        let ending = cleaned.lastIndex(of: ".").map { String(cleaned[$0...]) } ?? ""
        guard ending.utf8.count <= 20 else { return cleaned.cut(octets: longest) }
        return cleaned.cut(octets: longest - ending.utf8.count) + ending
    }

    static func ending(of mediaType: String) -> String {
        if let known = endings[mediaType] { return known }
        if mediaType.hasPrefix("text/") { return "txt" }
        let subtype = mediaType.split(separator: "/").last ?? ""
        let isPlain =
            !subtype.isEmpty && subtype.utf8.count <= 5 && subtype.utf8.allSatisfy { $0.isLetter || $0.isDigit }
        return isPlain ? String(subtype) : "bin"
    }

    private static let endings = [
        "application/pdf": "pdf", "application/msword": "doc", "application/vnd.ms-excel": "xls",
        "application/vnd.ms-powerpoint": "ppt",
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document": "docx",
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": "xlsx",
        "application/vnd.openxmlformats-officedocument.presentationml.presentation": "pptx",
        "application/vnd.oasis.opendocument.text": "odt", "application/vnd.oasis.opendocument.spreadsheet": "ods",
        "application/octet-stream": "bin", "application/x-zip-compressed": "zip", "application/gzip": "gz",
        "application/ics": "ics",
        "application/pgp-signature": "asc", "application/pkcs7-signature": "p7s",
        "application/x-pkcs7-signature": "p7s",
        "application/pkcs7-mime": "p7m", "application/x-pkcs7-mime": "p7m", "application/ms-tnef": "dat",
        "application/json": "json",
        "image/jpeg": "jpg", "image/pjpeg": "jpg", "image/svg+xml": "svg", "image/tiff": "tif", "image/x-icon": "ico",
        "audio/mpeg": "mp3", "audio/x-wav": "wav", "audio/mp4": "m4a", "video/mp4": "mp4", "video/quicktime": "mov",
        "text/plain": "txt", "text/html": "html", "text/csv": "csv", "text/calendar": "ics", "text/vcard": "vcf",
        "text/x-vcard": "vcf",
        "text/markdown": "md", "text/xml": "xml", "message/rfc822": "eml", "message/global": "eml",
        "message/delivery-status": "txt", "text/rfc822-headers": "txt",
    ]
}
