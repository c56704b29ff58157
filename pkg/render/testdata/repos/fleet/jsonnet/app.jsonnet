local lib = import 'lib/names.libsonnet';
function(suffix='none') [
  lib.map('first-' + suffix, { at: std.extVar('at') }),
  lib.map('second', {}),
]
