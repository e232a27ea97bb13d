/// The lines that a server said before and while we logged in: what it can do, and why it refuses.
///
/// libcurl does not keep them. They are a stranger's words: few, short, and cleaned before anybody sees them.
final class ServerLines {
    private static let most = 200
    private static let longest = 4096

    private(set) var lines: [String] = []

    /// Takes what libcurl hands over, a line at a time.
    func take(_ octets: UnsafeRawBufferPointer) {
        guard lines.count < Self.most else { return }
        lines.append(String(decoding: octets.prefix(Self.longest), as: UTF8.self).cleaned())
    }
}
