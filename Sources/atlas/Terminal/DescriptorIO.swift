import AtlasCore

#if canImport(Darwin)
    import Darwin
#elseif canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// Reading and writing that signals do not cut short.
enum DescriptorIO {
    /// Writes all of it, waiting where the other end is slow.
    ///
    /// - Throws: why it takes no more.
    static func write(_ octets: some Sequence<UInt8>, to descriptor: Int32) throws(SystemError) {
        var rest = Array(octets)[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { writeOctets(descriptor, $0.baseAddress, $0.count) }
            if count > 0 {
                rest = rest.dropFirst(count)
                continue
            }
            let error = SystemError.last
            if error.number == EAGAIN {
                var ready = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
                poll(&ready, 1, 1000)
            } else if error.number != EINTR {
                throw error
            }
        }
    }

    /// What comes next, at most `size` octets; none at the end.
    ///
    /// - Throws: why it cannot be read.
    static func read(_ size: Int, from descriptor: Int32) throws(SystemError) -> [UInt8] {
        var failure: SystemError?
        let octets = [UInt8](unsafeUninitializedCapacity: size) { buffer, count in
            var result = 0
            repeat {
                result = readOctets(descriptor, buffer.baseAddress, buffer.count)
                failure = result < 0 ? .last : nil
            } while failure?.number == EINTR
            count = max(0, result)
        }
        if let failure { throw failure }
        return octets
    }
}

/// read(2), under a name of its own.
func readOctets(_ descriptor: Int32, _ octets: UnsafeMutableRawPointer?, _ count: Int) -> Int {
    #if canImport(Darwin)
        Darwin.read(descriptor, octets, count)
    #elseif canImport(Glibc)
        Glibc.read(descriptor, octets, count)
    #else
        Musl.read(descriptor, octets, count)
    #endif
}

/// write(2), under a name of its own.
func writeOctets(_ descriptor: Int32, _ octets: UnsafeRawPointer?, _ count: Int) -> Int {
    #if canImport(Darwin)
        Darwin.write(descriptor, octets, count)
    #elseif canImport(Glibc)
        Glibc.write(descriptor, octets, count)
    #else
        Musl.write(descriptor, octets, count)
    #endif
}
