#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

extension CustomerLookup {
    /// Finds a customer by phone, else by name: among the contacts first, then among the appointments of people who are none.
    ///
    /// - Parameter includeHistory: whether what passed between us and them comes along.
    /// - Throws: `invalid_argument` when there is nothing to look for.
    public func lookup(phone: String?, name: String?, includeHistory: Bool = true) async throws -> FoundCustomer {
        let phone = try TextLimit.soughtPhone.optional(phone)
        let name = try TextLimit.soughtName.optional(name)
        guard phone != nil || name != nil else {
            throw AtlasError(.invalidArgument, "Give a phone or a name to look for.", parameter: "phone")
        }
        let people = try await contacts.search(
            name: phone == nil ? name : nil, phone: phone, businessContextID: contacts.businessContextID, limit: 11
        ).contacts
        if let contact = Self.meant(people, name: name) {
            return try await known(contact, includeHistory: includeHistory)
        }
        if !people.isEmpty { return Self.several(people.prefix(10).map(FoundCustomer.Customer.init)) }
        return try await unknown(phone: phone, name: name)
    }

    /// The one who is meant: the only one, or the only one of that very name.
    private static func meant(_ people: [Contact], name: String?) -> Contact? {
        if people.count == 1 { return people.first }
        guard let name = name?.folded else { return nil }
        let namesakes = people.filter { $0.fullName.folded == name }
        return namesakes.count == 1 ? namesakes.first : nil
    }

    private static func several(_ matches: [FoundCustomer.Customer]) -> FoundCustomer {
        FoundCustomer(found: false, appointments: [], interactions: [], matches: matches)
    }

    // MARK: A contact

    private func known(_ contact: Contact, includeHistory: Bool) async throws -> FoundCustomer {
        let numbers = contact.phones.compactMap { PhoneNumber.normalize($0, region: contacts.region) }.prefix(10)
        let ids =
            [
                "SELECT id FROM appointments WHERE contact_id = \(contact.id)" as Query
            ] + numbers.map { .appointments(ofPhone: $0, "contact_id IS NULL", in: contact.businessContextID) }
        var queries: [Query] = [
            """
            SELECT \(.appointment) FROM appointments WHERE id IN (\(ids.joined(separator: " UNION ")))
            ORDER BY start_time DESC, id LIMIT \(Self.mostAppointments)
            """
        ]
        if includeHistory {
            queries.append(
                """
                SELECT \(.interaction) FROM contact_interactions WHERE contact_id = \(contact.id)
                ORDER BY occurred_at DESC, id LIMIT \(Self.mostInteractions)
                """)
        }
        let found: (appointments: [AppointmentSummary], interactions: [Interaction]) = try await contacts.database.look
        {
            [queries] connection in
            let rows = try connection.pipeline(queries)
            return (try rows[0].records(), includeHistory ? try rows[1].records() : [])
        }
        return answer(
            FoundCustomer.Customer(contact), contact, .crm, found.appointments, interactions: found.interactions)
    }

    // MARK: Nobody's contact

    private func unknown(phone: String?, name: String?) async throws -> FoundCustomer {
        let found: [AppointmentSummary] = try await contacts.database.look { connection in
            guard let query = appointments(phone: phone, name: name) else { return [] }
            return try connection.all(query)
        }
        // One person is one phone, however it is written.
        var people: [[AppointmentSummary]] = []
        for appointment in found {
            let index = people.firstIndex { key($0[0]) == key(appointment) }
            if let index { people[index].append(appointment) } else { people.append([appointment]) }
        }
        guard let appointments = people.first else {
            return FoundCustomer(found: false, appointments: [], interactions: [], matches: [])
        }
        guard people.count == 1 else {
            return Self.several(people.prefix(10).map { FoundCustomer.Customer($0[0]) })
        }
        return answer(FoundCustomer.Customer(appointments[0]), nil, .appointments, appointments, interactions: [])
    }

    private func key(_ appointment: AppointmentSummary) -> String {
        PhoneNumber.normalize(appointment.customerPhone, region: contacts.region)?.e164
            ?? appointment.customerPhone.digits + appointment.customerName.folded
    }

    func appointments(phone: String?, name: String?) -> Query? {
        let ofBusiness: Query = contacts.businessContextID.map { " AND business_context_id = \($0)" } ?? ""
        if let phone {
            guard let number = PhoneNumber.normalize(phone, region: contacts.region) else { return nil }
            return """
                SELECT \(.appointment) FROM appointments
                WHERE id IN (\(.appointments(ofPhone: number, "contact_id IS NULL", in: contacts.businessContextID)))
                ORDER BY start_time DESC, id LIMIT \(Self.mostAppointments)
                """
        }
        guard let name else { return nil }
        let start = name.lowercased().replacing("\\", with: "\\\\").replacing("%", with: "\\%")
            .replacing("_", with: "\\_")
        return """
            SELECT \(.appointment) FROM appointments
            WHERE contact_id IS NULL AND lower(customer_name) LIKE \(start + "%")\(ofBusiness)
            ORDER BY start_time DESC, id LIMIT \(Self.mostAppointments)
            """
    }

    // MARK: -

    private static let mostAppointments = 20
    private static let mostInteractions = 20

    private func answer(
        _ customer: FoundCustomer.Customer, _ contact: Contact?, _ source: FoundCustomer.Source,
        _ appointments: [AppointmentSummary], interactions: [Interaction]
    ) -> FoundCustomer {
        let now = now()
        let shown = Self.fitting(appointments, octets: 24_000).map { $0.shown(in: time) }
        return FoundCustomer(
            found: true, customer: customer, contact: contact?.presentable, source: source, appointments: shown,
            nextAppointment: shown.last { $0.startTime > now && $0.status == AppointmentStatus.confirmed.rawValue },
            interactions: Self.fitting(interactions, octets: 12_000), matches: [])
    }

    /// As many as a result has room for, beside the rest of it.
    private static func fitting<Row: SizedRow>(_ rows: [Row], octets room: Int) -> [Row] {
        var room = room
        var kept: [Row] = []
        for row in rows {
            let row = row.octets > 6_000 ? row.shortened : row
            room -= row.octets
            if room < 0 { break }
            kept.append(row)
        }
        return kept
    }
}

extension FoundCustomer.Customer {
    init(_ contact: Contact) {
        self.init(
            contactID: contact.id, name: contact.fullName, phone: contact.phone, email: contact.email,
            address: contact.address)
    }

    init(_ appointment: AppointmentSummary) {
        self.init(
            contactID: appointment.contactID, name: appointment.customerName, phone: appointment.customerPhone,
            email: appointment.customerEmail, address: appointment.customerAddress)
    }
}

extension TextLimit {
    static let soughtName = TextLimit(parameter: "name", longest: 200)
}
