extension ConfigurationKey {
    // MARK: Approval and audit

    public static let approval = Self(
        "ATLAS_APPROVAL", .supervision,
        "What happens only after a person's yes: call, sms, send (e-mail), book, calendar, delete, names of tools, or all, separated by commas. See docs/approvals.md.",
        fallback: "nothing waits")
    public static let audit = Self(
        "ATLAS_AUDIT", .supervision,
        "0 keeps no record of the tool calls that change something or are held back.", fallback: "1")

    static let supervision = [approval, audit]
}
