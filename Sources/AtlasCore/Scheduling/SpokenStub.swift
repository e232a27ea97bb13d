#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

enum SpokenDate {
    static func read(_ text: String, now: Date, time: BusinessTime, parameter: String) throws(AtlasError) -> CivilDate {
        time.day(of: try time.read(text, parameter: parameter).start)
    }
}
enum SpokenTime {
    static func read(_ text: String, parameter: String) throws(AtlasError) -> Int {
        guard let t = ISO8601Text("2000-01-01T" + text), let s = t.secondsOfDay else {
            throw AtlasError(.invalidArgument, "\(parameter) must be a time.", parameter: parameter)
        }
        return s / 60
    }
}
