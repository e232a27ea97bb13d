extension AtlasError {
    /// A database's error in the words of the contract. What went wrong inside stays in the log.
    public init(_ error: DatabaseError) {
        let words = error.description
        switch error.kind {
        case .unavailable, .poolExhausted, .preparing, .serialization: self.init(.unavailable, words)
        case .timeout, .cancelled: self.init(.timeout, words)
        case .unknownOutcome: self.init(.unavailable, words, retryable: false)
        case .authentication: self.init(.unauthenticated, words)
        case .permission: self.init(.permissionDenied, words)
        case .missingDatabase, .missingLibrary, .tooOld, .configuration, .moved: self.init(.notConfigured, words)
        case .invalidValue: self.init(.invalidArgument, words)
        case .constraint(.unique, _): self.init(.conflict, words)
        case .constraint, .decoding, .migration, .other: self.init(.internal, words)
        }
    }
}

extension Database {
    /// As ``run(_:)``, with errors as ``AtlasError``.
    func write<R: Sendable>(_ body: (Connection) throws -> R) async throws -> R {
        do { return try await run(body) } catch let error as DatabaseError { throw AtlasError(error) }
    }

    /// As ``read(_:)``, with errors as ``AtlasError``.
    func look<R: Sendable>(_ body: (Connection) throws -> R) async throws -> R {
        do { return try await read(body) } catch let error as DatabaseError { throw AtlasError(error) }
    }

    /// As ``transaction(_:)``, with errors as ``AtlasError``; done again when another writer took an identity meanwhile, which
    /// the next look then sees.
    func change<R: Sendable>(_ body: (Transaction) throws -> R) async throws -> R {
        var attempts = 0
        while true {
            do {
                return try await transaction(body)
            } catch let error as DatabaseError {
                attempts += 1
                guard case .constraint(.unique, _) = error.kind, attempts < 5 else { throw AtlasError(error) }
            }
        }
    }
}
