#if canImport(Darwin)
    import Darwin
#elseif canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// The octets of a request, in memory or in files, with their number known beforehand.
struct RequestBody: Sendable {
    enum Piece: Sendable {
        case octets([UInt8])
        case file(InputFile)

        var count: Int {
            switch self {
            case .octets(let octets): octets.count
            case .file(let file): file.count
            }
        }
    }

    let pieces: [Piece]
    let type: String
    let count: Int

    init(_ body: HTTPBody, host: String) throws(HTTPError) {
        switch body {
        case .octets(let octets, let type):
            pieces = [.octets(octets)]
            self.type = type
        case .form(let fields):
            pieces = [.octets(FormEncoding.encode(fields))]
            type = FormEncoding.type
        case .json(let value):
            pieces = [.octets(value.bytes)]
            type = "application/json"
        case .multipart(let parts):
            let boundary = MultipartEncoding.boundary()
            pieces = try MultipartEncoding.encode(parts, boundary: boundary, host: host)
            type = "multipart/form-data; boundary=\(boundary)"
        }
        count = pieces.reduce(0) { $0 + $1.count }
    }

    /// The octets when all of them are in memory.
    var octets: [UInt8]? {
        guard pieces.count == 1, case .octets(let octets) = pieces[0] else { return nil }
        return octets
    }

    /// Copies what comes at `offset` into `buffer`: how many octets, 0 at the end; nil when a file has become shorter or cannot
    /// be read.
    func read(at offset: Int, into buffer: UnsafeMutableRawBufferPointer) -> Int? {
        var start = offset
        for piece in pieces {
            guard start >= piece.count else {
                switch piece {
                case .octets(let octets):
                    let count = min(buffer.count, octets.count - start)
                    octets.withUnsafeBytes { buffer.copyMemory(from: .init(rebasing: $0[start..<start + count])) }
                    return count
                case .file(let file):
                    return file.read(at: start, into: .init(rebasing: buffer.prefix(file.count - start)))
                }
            }
            start -= piece.count
        }
        return 0
    }
}

/// A file that is read while it is sent.
final class InputFile: Sendable {
    private let descriptor: Int32
    /// Its size when it was opened; only so much is sent.
    let count: Int

    /// nil when there is no such regular file, or it cannot be read.
    init?(_ path: String) {
        // Not blocking: opening a pipe would wait for a writer.
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else { return nil }
        var status = stat()
        guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
            close(descriptor)
            return nil
        }
        self.descriptor = descriptor
        count = Int(status.st_size)
    }

    deinit { close(descriptor) }

    func read(at offset: Int, into buffer: UnsafeMutableRawBufferPointer) -> Int? {
        while true {
            let count = pread(descriptor, buffer.baseAddress, buffer.count, off_t(offset))
            if count > 0 { return count }
            if count < 0, errno == EINTR { continue }
            return nil
        }
    }
}
