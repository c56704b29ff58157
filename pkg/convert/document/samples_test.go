package document

// deployment is a document that no conversion takes, of 1 kB.
const deployment = `# The front end
apiVersion: apps/v1
kind: Deployment
metadata:
  name: podinfo
  namespace: podinfo
  labels:
    app.kubernetes.io/name: podinfo
spec:
  minReadySeconds: 3
  revisionHistoryLimit: 5
  selector:
    matchLabels:
      app: podinfo
  template:
    metadata:
      annotations:
        prometheus.io/scrape: "true"
      labels:
        app: podinfo
    spec:
      containers:
      - name: podinfod
        image: ghcr.io/stefanprodan/podinfo:6.7.0
        imagePullPolicy: IfNotPresent
        ports:
        - name: http
          containerPort: 9898
          protocol: TCP
        command:
        - ./podinfo
        - --port=9898
        - --level=info
        env:
        - name: PODINFO_UI_COLOR
          value: "#34577c"
        readinessProbe:
          httpGet:
            path: /readyz
            port: 9898
        resources:
          limits:
            cpu: 2000m
            memory: 512Mi
`

// kustomization is a document of 1 kB that a conversion takes, as Encode writes it.
const kustomization = `# Source: apps

apiVersion: kustomize.toolkit.fluxcd.io/v1
kind: Kustomization
metadata:
  name: podinfo
  namespace: flux-system
  labels:
    app.kubernetes.io/part-of: "podinfo"
spec:
  interval: 10m0s
  path: ./deploy/production # where
  prune: true
  # the source
  sourceRef:
    kind: GitRepository
    name: podinfo
  dependsOn: # first these
  - name: infra
    namespace: flux-system
  # and these
  - name: certs
  patches:
  - target:
      kind: Deployment
      name: podinfo
    patch: |
      - op: replace
        path: /spec/replicas
        value: 3

      - op: add
        path: /spec/template/spec/containers/0/env/-
        value:
          name: LEVEL
          value: "info"
  postBuild:
    substitute:
      cluster_env: 'prod'
      launch: 🚀 eu-central-1
      # region: us-east-1
      # zone: a
    substituteFrom: []
  healthChecks:
  - apiVersion: apps/v1
    kind: Deployment
    name: podinfo
    namespace: podinfo
  commonMetadata:
    labels: {team: web, tier: front}
# end of podinfo
`
