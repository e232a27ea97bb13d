import AtlasCore

#if canImport(Darwin)
    import Darwin
#elseif canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// SQL on its way from one of PostgreSQL's programs into a database: `pg_dump` or `pg_restore` writes it, `psql` runs it.
///
/// We stand between them and say COMMIT only when the writer came to a good end, so that half of it is nothing.
struct SQLTransfer {
    enum Outcome: Equatable {
        case done
        /// The reader failed: nothing was changed.
        case unread
        /// psql failed before it was told to commit: nothing was changed.
        case refused
        /// psql failed after that: all was done, or nothing.
        case uncertain
    }

    let reader: ForegroundProgram
    let psql: String
    let access: DatabaseAccess
    /// SQL of ours at the beginning of the transaction.
    var prologue = ""
    /// SQL of ours at its end: what fails here undoes everything.
    var epilogue = ""
    /// Hears of the two, so that somebody may end them.
    var started: (ChildProcess, ChildProcess) -> Void = { _, _ in }
    /// Hears that they must not be ended any more.
    var ended: () -> Void = {}
    /// Hears how many octets have passed.
    var passed: (Int) -> Void = { _ in }

    func run() throws -> Outcome {
        var ends: [Int32] = [-1, -1]
        var inputs: [Int32] = [-1, -1]
        guard Self.pipe(&ends), Self.pipe(&inputs) else {
            throw CommandFailure(message: "No pipe can be made: \(SystemError.last). Close some programs.")
        }
        defer { for end in ends + inputs where end >= 0 { close(end) } }
        let writer = try ForegroundProgram(
            [
                psql, "--no-psqlrc", "--quiet", "--no-password", "--set=ON_ERROR_STOP=1", "--output=/dev/null",
                "--dbname=" + access.connectionString, "--file=-",
            ], access.environment
        ).start(input: .descriptor(inputs[0]))
        Self.shut(&inputs[0])
        let reader: ChildProcess
        do {
            reader = try self.reader.start(input: .nothing, output: .descriptor(ends[1]))
        } catch {
            writer.end()
            throw error
        }
        Self.shut(&ends[1])
        started(reader, writer)
        let takes = pump(from: ends[0], to: inputs[1])
        let read = reader.wait()
        // Without statistics of the new tables the first queries would be planned blindly; system tables may be skipped silently.
        let end = "\n\(epilogue)\nSET client_min_messages = error;\nANALYZE;\nCOMMIT;\n"
        let commits = read == 0 && takes && Self.write(end.utf8, to: inputs[1])
        Self.shut(&inputs[1])
        let ran = writer.wait()
        ended()
        if commits, ran == 0 { return .done }
        if read != 0 { return .unread }
        // 3 is psql's word for a statement that failed, which the transaction did not outlive.
        return commits && ran != 3 ? .uncertain : .refused
    }

    /// Hands over all there is; false when psql has given up.
    private func pump(from source: Int32, to target: Int32) -> Bool {
        let begin = "BEGIN;\nSET client_min_messages = warning;\n" + prologue
        var takes = Self.write(begin.utf8, to: target)
        var head = DumpHead()
        var total = 0
        while let chunk = try? DescriptorIO.read(256 << 10, from: source), !chunk.isEmpty {
            total += chunk.count
            // A psql that has given up takes no more; the reader is still read to its end, so that it does not hang.
            if takes { takes = Self.write(head.filtered(chunk[...]), to: target) }
            passed(total)
        }
        return takes && Self.write(head.rest(), to: target)
    }

    private static func write(_ octets: some Sequence<UInt8>, to target: Int32) -> Bool {
        (try? DescriptorIO.write(octets, to: target)) != nil
    }

    private static func shut(_ descriptor: inout Int32) {
        #if canImport(Darwin)
            Darwin.close(descriptor)
        #elseif canImport(Glibc)
            Glibc.close(descriptor)
        #else
            Musl.close(descriptor)
        #endif
        descriptor = -1
    }

    /// A pipe that only those get who are given it.
    private static func pipe(_ ends: inout [Int32]) -> Bool {
        #if canImport(Darwin)
            guard Darwin.pipe(&ends) == 0 else { return false }
        #elseif canImport(Glibc)
            guard Glibc.pipe(&ends) == 0 else { return false }
        #else
            guard Musl.pipe(&ends) == 0 else { return false }
        #endif
        // Nothing else is started meanwhile.
        for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        return true
    }
}

/// The beginning of a dump, where extensions are made: without the comments on them.
///
/// A managed PostgreSQL has extensions that its administrator made, and only their owner may comment on them: the whole dump would fail
/// for a line that says what the extension says itself.
struct DumpHead {
    private var isOver = false
    private var line: [UInt8] = []
    private static let comment = Array("COMMENT ON EXTENSION ".utf8)
    private static let create = Array("CREATE ".utf8)
    private static let allowed = ["CREATE EXTENSION ", "CREATE SCHEMA "].map { Array($0.utf8) }
    /// Lines are short there.
    private static let longest = 64 << 10

    /// What goes on of `octets`; a line that is not whole yet stays here.
    mutating func filtered(_ octets: ArraySlice<UInt8>) -> [UInt8] {
        if isOver { return Array(octets) }
        var kept: [UInt8] = []
        var rest = octets
        while !isOver, let end = rest.firstIndex(of: 0x0A) {
            line += rest[...end]
            rest = rest[(end + 1)...]
            // The first thing that is made beside them ends the head: behind it are texts of functions, and data.
            isOver = line.starts(with: Self.create) && !Self.allowed.contains { line.starts(with: $0) }
            let isDropped = line.starts(with: Self.comment) && line.suffix(2) == [0x3B, 0x0A]
            if !isDropped { kept += line }
            line = []
        }
        line += rest
        if isOver || line.count > Self.longest {
            isOver = true
            kept += self.rest()
        }
        return kept
    }

    /// What is left at the end.
    mutating func rest() -> [UInt8] {
        defer { line = [] }
        return line
    }
}
