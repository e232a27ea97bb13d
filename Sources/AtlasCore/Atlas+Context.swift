extension Atlas {
    /// What the business knows of its customers, from everywhere at once.
    ///
    /// - Throws: ``AtlasError`` `not_configured` when the settings it needs are wrong. What is wrong with the mailbox is told in what it
    ///   finds.
    public var customers: CustomerContexts {
        get throws { CustomerContexts(contacts: try contacts, inbox: try inbox, time: try time) }
    }
}
