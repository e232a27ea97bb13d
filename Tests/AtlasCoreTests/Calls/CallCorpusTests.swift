import Foundation
import TestSupport
import Testing

@testable import AtlasCore

/// What comes of many calls does not depend on their order, on who works on them at once, and on how often they are worked on.
@Suite struct CallCorpusTests {
    private let corpus = CallCorpus.shared

    @Test(arguments: [1, 7, 42, 2026])
    func theCallsOfTheCorpusMakeTheContactsThatTheyMustInAnyOrderAndTwice(seed: UInt64) async throws {
        let desk = try await seeded()
        var dice = SeededDice(seed: seed)
        try await process(corpus.calls.shuffled(using: &dice), with: desk)
        try await check(desk, "seed \(seed)")

        let before = try await everything(desk)
        try await process(corpus.calls.shuffled(using: &dice), with: desk, again: true)
        try await check(desk, "seed \(seed), the second time")
        let after = try await everything(desk)
        for (old, new) in zip(before, after) where old != new {
            Issue.record("seed \(seed): the second time changed\n\(old)\nto\n\(new)")
        }
        #expect(before.count == after.count)
    }

    /// Everybody works on every call at once, as servers do that are all told of it.
    @Test func fourWorkersThatAllTakeEveryCallMakeTheSame() async throws {
        let desk = try await seeded()
        try await withThrowingTaskGroup(of: Void.self) { group in
            for worker in 0..<4 {
                var dice = SeededDice(seed: UInt64(worker))
                let order = corpus.calls.shuffled(using: &dice)
                let own = Contacts(database: desk.kit.base.open())
                group.addTask {
                    let store = CallTranscripts(contacts: own)
                    let linker = CallLinker(contacts: own, ownNumbers: [corpus.business])
                    for call in order { try await process(call, store: store, linker: linker, patience: true) }
                }
            }
            try await group.waitForAll()
        }
        try await check(desk, "four workers")
    }

    @Test func theCorpusIsLargeAndNamesEveryCallOnce() {
        #expect(corpus.calls.count >= 40)
        #expect(Set(corpus.calls.map(\.callSID)).count == corpus.calls.count)
        #expect(Set(corpus.calls.map(\.about)).count == corpus.calls.count)
        let keys = Set(corpus.contacts.map(\.key))
        #expect(keys.count == corpus.contacts.count)
        for call in corpus.calls {
            #expect(SID.isTwilio(call.callSID, prefix: "CA"), "\(call.name)")
            #expect(call.expected.contact.map(keys.contains) ?? true, "\(call.name)")
        }
    }

    // MARK: - Processing

    private func seeded() async throws -> CallDesk {
        let desk = try await CallDesk(ownNumbers: [corpus.business])
        for person in corpus.seed {
            _ = try await desk.kit.insertAsReference(
                person.fullName, phone: person.phone, email: person.email, context: person.businessContextID,
                status: person.status)
        }
        return desk
    }

    /// Eight at once.
    private func process(_ order: [CallCorpus.CorpusCall], with desk: CallDesk, again: Bool = false) async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            for (index, call) in order.enumerated() {
                if index >= 8 { try await group.next() }
                group.addTask { try await process(call, store: desk.store, linker: desk.linker, again: again) }
            }
            try await group.waitForAll()
        }
    }

    /// - Parameters:
    ///   - again: whether to do what is done once more, as a worker that does not look.
    ///   - patience: whether somebody else may be working on the call.
    private func process(
        _ call: CallCorpus.CorpusCall, store: CallTranscripts, linker: CallLinker, again: Bool = false,
        patience: Bool = false
    ) async throws {
        let worker = UUID()
        do {
            let row: CallTranscript
            switch try await store.claim(call.facts, by: worker, for: .seconds(30)) {
            case .mine(let mine): row = mine
            case .busy:
                guard patience else {
                    Issue.record("\(call.name): nobody works on it, and it is busy")
                    return
                }
                while case .busy = try await store.claim(call.facts, by: worker, for: .seconds(30)) {
                    try await Task.sleep(for: .milliseconds(5))
                }
                guard let there = try await store.get(call.callSID) else { return }
                row = there
            }
            if again || row.transcript == nil {
                _ = try await store.keepTranscript(call.transcript, of: row.id, by: worker)
            }
            if again || row.processedAt == nil {
                _ = try await store.keepExtraction(
                    call.extracted, summary: summary(of: call),
                    proposedActions: [], of: row.id, by: worker)
            }
            _ = try await linker.link(call.callSID)
            try await store.release(row.id, by: worker)
        } catch {
            Issue.record("\(call.name): \(error)")
        }
    }

    private func summary(of call: CallCorpus.CorpusCall) -> String { "What was said in \(call.callSID)." }

    // MARK: - What must be there

    /// Contacts and interactions, to the last column.
    private func everything(_ desk: CallDesk) async throws -> [String] {
        try await desk.state().filter { !$0.hasPrefix("c") }
    }

    private func check(_ desk: CallDesk, _ turn: String) async throws {
        let contacts: [Contact] = try await desk.kit.contacts.list(status: nil, limit: 200).contacts
        var keyByID: [UUID: String] = [:]
        for expected in corpus.contacts {
            let owned = contacts.filter {
                $0.businessContextID == expected.businessContextID
                    && (!expected.phones.isDisjoint(with: $0.phones) || !expected.emails.isDisjoint(with: $0.emails))
            }
            let own = corpus.calls.filter { $0.expected.contact == expected.key }.map(\.name)
            let about: Comment = "\(turn): \(expected.key), of whom are the calls \(own)"
            #expect(owned.count == 1, about)
            guard let contact = owned.first else { continue }
            keyByID[contact.id] = expected.key
            #expect(contact.fullName == expected.fullName, about)
            #expect(Set(contact.phones) == expected.phones, about)
            #expect(Set(contact.emails) == expected.emails, about)
            #expect(contact.status == expected.status, about)
            #expect((contact.metadata["name_is_placeholder"] == true) == expected.nameIsPlaceholder, about)
            let others = contact.metadata["also_known_as"]?.items ?? []
            #expect(others.allSatisfy { $0["field"] != "full_name" && $0["field"] != "source" }, about)
        }
        for stranger in contacts where keyByID[stranger.id] == nil {
            let call = corpus.calls.first { $0.callSID == stranger.sourceRef }?.name ?? "nobody knows which call"
            Issue.record("\(turn): \(stranger.fullName) \(stranger.phones) came of \(call)")
        }
        #expect(contacts.count == corpus.contacts.count)

        for call in corpus.calls {
            let row = try #require(try await desk.store.get(call.callSID), "\(turn): \(call.name)")
            let linked = row.contactID.map { keyByID[$0] ?? "a stranger" }
            #expect(linked == call.expected.contact, "\(turn): \(call.name)")
            #expect(row.status == "ready", "\(turn): \(call.name)")
            #expect(row.transcript == call.transcript, "\(turn): \(call.name)")
            let lines = try await desk.history(call.callSID)
            #expect(lines.map(\.contact) == [row.contactID].compactMap(\.self), "\(turn): \(call.name)")
            #expect(lines.allSatisfy { $0.summary == summary(of: call) }, "\(turn): \(call.name)")
        }
        let ofCalls = try await desk.kit.count("contact_interactions", where: "interaction_type = 'call'")
        #expect(ofCalls == corpus.calls.count { $0.expected.contact != nil }, "\(turn)")
        #expect(try await desk.kit.count("contact_interactions") == ofCalls, "\(turn)")
        #expect(try await desk.kit.count("call_transcripts") == corpus.calls.count, "\(turn)")
        // Whoever was not known before was met on the telephone.
        let seeded = Set(corpus.seed.map(\.fullName))
        for contact in contacts where !seeded.contains(contact.fullName) {
            #expect(contact.source == "call", "\(turn): \(contact.fullName)")
        }
    }
}
