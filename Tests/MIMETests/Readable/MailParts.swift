/// Parts as in a message, each with its own header lines, put together into a multipart.
func multipart(_ subtype: String, _ parts: [String], parameters: String = "") -> String {
    let boundary = "b\(parts.joined().utf8.count)"
    return "Content-Type: multipart/\(subtype); boundary=\(boundary)\(parameters)\n\n"
        + parts.map { "--\(boundary)\n\($0)\n" }.joined() + "--\(boundary)--\n"
}

func part(_ type: String, _ content: String, _ more: String = "") -> String {
    "Content-Type: \(type)\n\(more.isEmpty ? "" : more + "\n")\n\(content)"
}

let plainPart = part("text/plain; charset=utf-8", "Hello Bob")
let htmlPart = part("text/html; charset=utf-8", "<p>Hello <b>Bob</b> in HTML</p>")
let pdfPart = part(
    "application/pdf; name=a.pdf", "JVBERi0xLjQK", "Content-Transfer-Encoding: base64\nContent-Disposition: attachment")
