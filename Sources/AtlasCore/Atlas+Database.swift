extension Atlas {
    /// The database, brought up to date before it is first used.
    ///
    /// - Throws: ``AtlasError`` `not_configured` when the settings it needs are wrong.
    public var database: Database {
        get throws { try opened.withLock { try database(&$0) } }
    }
}
