/// `multipart/form-data` (RFC 7578), with names escaped as browsers do (HTML Standard, "multipart/form-data").
enum MultipartEncoding {
    /// A boundary that nobody can foresee, so that no content can hold it.
    static func boundary() -> String {
        let halves = [UInt64.random(in: .min ... .max), UInt64.random(in: .min ... .max)]
        return "atlas-" + halves.map { String($0, radix: 36) }.joined()
    }

    /// - Throws: ``HTTPError`` `file` when a file cannot be read, `invalidHeader` when a type is none.
    static func encode(_ parts: [HTTPBody.Part], boundary: String, host: String) throws(HTTPError) -> [RequestBody
        .Piece]
    {
        var pieces: [RequestBody.Piece] = []
        var pending: [UInt8] = []
        for part in parts {
            var head = "--\(boundary)\r\nContent-Disposition: form-data; name=\"\(escape(part.name))\""
            if let filename = part.filename { head += "; filename=\"\(escape(filename))\"" }
            if let type = part.type {
                guard HTTPFields.isValue(type) else {
                    throw HTTPError(.invalidHeader, host: host, mayHaveArrived: false)
                }
                head += "\r\nContent-Type: \(type)"
            }
            pending += Array("\(head)\r\n\r\n".utf8)
            switch part.content {
            case .octets(let octets): pending += octets
            case .file(let path):
                guard let file = InputFile(path) else { throw HTTPError(.file, host: host, mayHaveArrived: false) }
                pieces += [.octets(pending), .file(file)]
                pending = []
            }
            pending += Array("\r\n".utf8)
        }
        pending += Array("--\(boundary)--\r\n".utf8)
        pieces.append(.octets(pending))
        return pieces
    }

    private static func escape(_ name: String) -> String {
        var escaped = String.UnicodeScalarView()
        for scalar in name.unicodeScalars {
            switch scalar {
            case "\"": escaped.append(contentsOf: "%22".unicodeScalars)
            case "\r": escaped.append(contentsOf: "%0D".unicodeScalars)
            case "\n": escaped.append(contentsOf: "%0A".unicodeScalars)
            case "\0": escaped.append(contentsOf: "%00".unicodeScalars)
            default: escaped.append(scalar)
            }
        }
        return String(escaped)
    }
}
