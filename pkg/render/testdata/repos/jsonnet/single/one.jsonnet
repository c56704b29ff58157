{ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'one' }, data: { f: '%0.3f' % 1.5, n: std.toString(1e3) } }
