/// Puts a dot before each line that begins with one (RFC 5321, 4.5.2), so that no line of a message is its end.
struct DotStuffing {
    private var isAtLineStart = true

    /// The next piece of a message, as it is transmitted.
    mutating func transmitted(_ piece: ArraySlice<UInt8>) -> [UInt8] {
        var result: [UInt8] = []
        result.reserveCapacity(piece.count + 64)
        var start = piece.startIndex
        for index in piece.indices {
            if isAtLineStart, piece[index] == UInt8(ascii: ".") {
                result += piece[start..<index]
                result.append(UInt8(ascii: "."))
                start = index
            }
            isAtLineStart = piece[index] == 0x0A
        }
        return result + piece[start...]
    }
}
