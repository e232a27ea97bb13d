"""The names of Windows' time zones and the IANA zones that icalendar takes them for: a pair in a line of JSON each."""

import json

from icalendar.timezone.windows_to_olson import WINDOWS_TO_OLSON

for windows, iana in WINDOWS_TO_OLSON.items():
    print(json.dumps([windows, iana]))
