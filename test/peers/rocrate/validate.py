"""Validates crates with rocrate-validator, without a network: `validate.py REPORT.json SEVERITY CRATE...`.

The JSON-LD context of RO-Crate 1.1 is the one that the package `rocrate` 0.13 carries; the validator would fetch the same
from w3id.org. Any other address that it asks for is answered with 504, as it does by itself when it is offline.
"""

import json
import sys
from importlib.util import find_spec
from pathlib import Path

import requests
from rocrate_validator import models, services
from rocrate_validator.utils.http import HttpRequester

CONTEXT = 'https://w3id.org/ro/crate/1.1/context'
# its file, not the package: that would want more packages
package = Path(find_spec('rocrate').submodule_search_locations[0])
text = (package / 'data' / 'ro-crate.jsonld').read_bytes()
assert json.loads(text)['@id'] == CONTEXT

ask = HttpRequester.__getattr__


def get(self, url, *args, **kwargs):
    if url != CONTEXT:
        return ask(self, 'get')(url, *args, **kwargs)
    answer = requests.Response()
    answer.status_code = 200
    answer.url = url
    answer.headers['Content-Type'] = 'application/ld+json'
    answer._content = text
    return answer


HttpRequester.get = get


def validate(crate, profile, severity):
    settings = services.ValidationSettings(
        rocrate_uri=crate,
        profile_identifier=profile,
        requirement_severity=models.Severity[severity],
        enable_profile_inheritance=True,
        disable_inherited_profiles_issue_reporting=False,
        offline=True,
    )
    result = services.validate(settings)
    return {
        'crate': str(crate),
        'profile': profile,
        'passed': result.passed(),
        'issues': [
            {
                'severity': issue.severity.name,
                'check': issue.check.identifier,
                'message': issue.message,
                'entity': str(getattr(issue, 'violatingEntity', '') or ''),
            }
            for issue in result.get_issues()
        ],
    }


report, severity, *crates = sys.argv[1:]
answers = []
for one in crates:
    profile, path = one.split('=', 1)
    answers.append(validate(Path(path), profile, severity))
Path(report).write_text(json.dumps(answers), encoding='utf-8')
