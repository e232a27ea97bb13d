import CXML

/// Hands the elements and the text of HTML to a walker; libxml2 mends what is not nested as it should be.
enum HTMLReader {
    /// - Returns: false when libxml2 is missing.
    static func read(_ tags: [UInt8], into walker: inout HTMLWalker) -> Bool {
        withUnsafeMutablePointer(to: &walker) { walker in
            var events = atlas_html_events(
                context: UnsafeMutableRawPointer(walker),
                start: { context, name, attributes in
                    guard let walker = context?.assumingMemoryBound(to: HTMLWalker.self) else { return 1 }
                    return walker.pointee.start(String(cString: name), HTMLAttributes(attributes)) ? 0 : 1
                },
                end: { context, name in
                    context?.assumingMemoryBound(to: HTMLWalker.self).pointee.end(String(cString: name))
                },
                text: { context, text, length in
                    guard let walker = context?.assumingMemoryBound(to: HTMLWalker.self) else { return 1 }
                    return text.withMemoryRebound(to: UInt8.self, capacity: length) {
                        walker.pointee.text(UnsafeBufferPointer(start: $0, count: length)) ? 0 : 1
                    }
                })
            return tags.withUnsafeBytes { octets in
                guard let start = octets.assumingMemoryBound(to: CChar.self).baseAddress else { return true }
                return atlas_html_read(start, octets.count, &events) >= 0
            }
        }
    }
}
