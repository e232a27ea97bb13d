#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// Cuts what comes from a file descriptor into lines, in a buffer that grows with the longest line and shrinks after it.
struct LineReader: ~Copyable {
    enum Event {
        /// A line without its newline; good until the next call.
        case line(UnsafeBufferPointer<UInt8>)
        /// A line beyond ``longest`` begins here; the rest of it will be skipped.
        case tooLong
    }

    static let longest = 64 << 20
    private static let usual = 64 << 10

    private let longest: Int
    private var buffer = UnsafeMutableRawPointer.allocate(byteCount: Self.usual, alignment: 1)
    private var capacity = Self.usual
    private var start = 0
    private var end = 0
    /// Up to here there is no newline.
    private var scanned = 0
    private var isSkipping = false
    private var isFirst = true

    init(longest: Int = Self.longest) { self.longest = longest }

    deinit { buffer.deallocate() }

    /// Waits for octets and takes them.
    ///
    /// - Returns: how many came; 0 at the end of the input, -1 with `errno` set on failure.
    mutating func fill(from descriptor: Int32) -> Int {
        makeRoom()
        let count = read(descriptor, buffer + end, capacity - end)
        if count > 0 { end += count }
        return count
    }

    private mutating func makeRoom() {
        if start == end {
            start = 0
            end = 0
            scanned = 0
            if capacity > 1 << 20 { resize(to: Self.usual) }
        }
        guard capacity - end < Self.usual / 4 else { return }
        if start > capacity / 2 {
            memmove(buffer, buffer + start, end - start)
            scanned -= start
            end -= start
            start = 0
        } else {
            resize(to: capacity * 2)
        }
    }

    private mutating func resize(to size: Int) {
        let larger = UnsafeMutableRawPointer.allocate(byteCount: size, alignment: 1)
        larger.copyMemory(from: buffer + start, byteCount: end - start)
        buffer.deallocate()
        buffer = larger
        capacity = size
        scanned -= start
        end -= start
        start = 0
    }

    /// The next whole line, or `nil` when more octets are needed.
    mutating func next() -> Event? {
        while true {
            guard let found = memchr(buffer + scanned, 0x0A, end - scanned) else {
                scanned = end
                if isSkipping {
                    start = end
                } else if end - start > longest {
                    isSkipping = true
                    start = end
                    return .tooLong
                }
                return nil
            }
            let newline = UnsafeRawPointer(found) - UnsafeRawPointer(buffer)
            let line = start..<newline
            start = newline + 1
            scanned = start
            if isSkipping {
                isSkipping = false
                continue
            }
            if line.count > longest { return .tooLong }
            if let event = self.line(line) { return event }
        }
    }

    /// What came after the last newline, once the input has ended.
    mutating func last() -> Event? {
        guard !isSkipping, start < end else { return nil }
        let line = start..<end
        start = end
        scanned = end
        return self.line(line)
    }

    /// The octets of a range, or `nil` if they are blank. A byte order mark may stand before the very first line.
    private mutating func line(_ range: Range<Int>) -> Event? {
        let base = buffer.assumingMemoryBound(to: UInt8.self)
        var octets = UnsafeBufferPointer(start: UnsafePointer(base + range.lowerBound), count: range.count)
        if isFirst {
            isFirst = false
            if octets.count >= 3, octets[0] == 0xEF, octets[1] == 0xBB, octets[2] == 0xBF {
                octets = UnsafeBufferPointer(rebasing: octets[3...])
            }
        }
        let isBlank = octets.allSatisfy { $0 == 0x20 || $0 == 0x09 || $0 == 0x0D }
        return isBlank ? nil : .line(octets)
    }
}

extension LineReader {
    /// Whether the last ``fill(from:)`` failed for a reason that passes.
    static var mayTryAgain: Bool { errno == EINTR || errno == EAGAIN || errno == EWOULDBLOCK }
}
