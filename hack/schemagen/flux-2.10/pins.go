// Package pins has the API modules of Flux 2.10 in a go.mod of their own, since they want
// a newer Go than those of Flux 2.9. Schemagen reads them from here.
package pins

import (
	_ "github.com/fluxcd/helm-controller/api/v2"
	_ "github.com/fluxcd/image-automation-controller/api/v1"
	_ "github.com/fluxcd/image-reflector-controller/api/v1"
	_ "github.com/fluxcd/notification-controller/api/v1"
	_ "github.com/fluxcd/notification-controller/api/v1beta3"
	_ "github.com/fluxcd/source-watcher/api/v2/v1beta1"
)
