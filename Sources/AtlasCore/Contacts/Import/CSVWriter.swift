/// Rows of a table in CSV (RFC 4180).
public enum CSVWriter {
    /// One row with its line end. What would be read otherwise is quoted.
    public static func row(_ fields: [String]) -> String {
        fields.map { field in
            let isPlain = field.utf8.allSatisfy { octet in
                octet != UInt8(ascii: ",") && octet != UInt8(ascii: "\"") && octet != UInt8(ascii: "\n")
                    && octet != UInt8(ascii: "\r")
            }
            guard !isPlain || field.utf8.first == 0x20 || field.utf8.last == 0x20 else { return field }
            return "\"" + field.split(separator: "\"", omittingEmptySubsequences: false).joined(separator: "\"\"")
                + "\""
        }.joined(separator: ",") + "\r\n"
    }
}
