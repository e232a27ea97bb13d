import AtlasCore

#if canImport(Darwin)
    import Darwin
#elseif canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// Where to move to, told in a way that shows no password to other users of the machine.
struct MoveAddress {
    static let variable = "ATLAS_MOVE_TO"

    let url: String
    let source: DatabaseSource
    let place: DatabasePlace

    /// - Parameters:
    ///   - given: what `--to` said.
    ///   - variable: what `--to-env` said.
    static func find(_ given: String?, variable: String?) throws -> MoveAddress {
        guard given == nil || variable == nil else { throw CommandFailure.usage("Give --to or --to-env, not both.") }
        if let given, given != "-" {
            let address = try MoveAddress(given, from: "--to")
            guard try !address.source.holdsSecret() else {
                throw CommandFailure.usage(
                    "--to holds a password, and every user of this machine can read arguments while they run. Put the URL into the "
                        + "variable \(Self.variable), or give it on standard input with --to -.")
            }
            return address
        }
        if given == "-" {
            guard let octets = TextFile.octets(of: 0) else {
                throw CommandFailure.usage("Standard input cannot be read.")
            }
            return try MoveAddress(String(decoding: octets, as: UTF8.self), from: "Standard input")
        }
        let name = variable ?? Self.variable
        guard let url = getenv(name).map({ String(cString: $0) }), !url.isEmpty else {
            throw CommandFailure.usage(
                "Say where to: set \(name) to the other database's URL, as "
                    + "postgresql://user:password@host/database?sslmode=verify-full. atlas help db move has other ways."
            )
        }
        return try MoveAddress(url, from: name)
    }

    private init(_ text: String, from origin: String) throws {
        url = text.trimmed
        // Anything else libpq would take for the name of a local database.
        guard url.contains("://") || url.contains("=") else { throw Self.unusable(origin) }
        source = .url(url)
        do { place = try source.located() } catch is DatabaseError { throw Self.unusable(origin) }
        guard !place.database.isEmpty else { throw Self.unusable(origin) }
    }

    private static func unusable(_ origin: String) -> CommandFailure {
        .usage(
            "\(origin) is not a PostgreSQL URL. Write postgresql://user:password@host:5432/database, with special characters of "
                + "the password percent-encoded.")
    }

    /// What is wrong with the other database, in words that do not send the reader to this one's settings.
    func failure(_ error: any Error) -> CommandFailure {
        guard let error = error as? DatabaseError else { return CommandFailure(error) }
        var failure = CommandFailure(error)
        let name = place.words
        switch error.kind {
        case .unavailable:
            failure.message =
                "There is no answer from \(name). Check that it runs, that the address is right, and that this machine may "
                + "connect to it."
        case .authentication:
            failure.message = "The login as \(place.user) was refused by \(name). Check user and password in the URL."
                .cleaned()
        case .missingDatabase:
            failure.message =
                "There is no such database: \(name). Create it first (CREATE DATABASE … ENCODING 'UTF8' TEMPLATE template0)."
        case .permission:
            failure.message =
                "\(place.user) may not do what is needed in \(name). Make it the owner of the database.".cleaned()
        case .moved: failure.message = "The data of \(name) was itself moved away. Choose another database."
        default: failure.message = "\(name): \(failure.message)"
        }
        failure.exitCode = 1
        return failure
    }
}
