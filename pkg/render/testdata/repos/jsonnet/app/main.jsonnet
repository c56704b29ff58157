local params = import 'params.libsonnet';
local names = import 'names.libsonnet';
function(team='none', size=1, tier='t') [
  {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name: names.of('main') },
    data: { team: team, size: std.toString(size), tier: tier, color: params.color, env: std.extVar('env'), list: std.toString(std.extVar('list')) },
  },
  {
    apiVersion: 'v1',
    kind: 'ConfigMapList',
    items: [{ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'listed' } }],
  },
]
