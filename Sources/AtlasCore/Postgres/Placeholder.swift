import CPostgres
import CPhoneNumber
import CMigrations
public func probe() -> Int32 { atlas_pq(nil)?.pointee.PQlibVersion() ?? -1 }
public func probe2() -> Int32 { atlas_phone_calling_code("US") }
