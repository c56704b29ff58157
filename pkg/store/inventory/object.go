// Package inventory reads the objects of Argo CD and Flux as a database keeps them:
// what they deploy from where, how they are, and their definition without secrets.
package inventory

import (
	"encoding/json"
	"time"
)

// A Class is one of the three sorts of objects that are kept.
type Class uint8

// The classes.
const (
	// Application: what Argo CD deploys by, and its projects.
	Application Class = iota
	// Config: what Flux deploys by, and its images and notifications.
	Config
	// Repository: what either fetches from: sources of Flux and the Secrets by which
	// Argo CD knows repositories.
	Repository
)

// A Key names an object within a cluster.
type Key struct{ Namespace, Kind, Name string }

// An Object is one object as it was seen. Texts are empty where the object does not
// say; none of them holds a credential.
type Object struct {
	Class Class
	Key
	APIVersion string

	// Project of Argo CD.
	Project string
	// Destination is the cluster that is deployed to, by name or address; empty for the
	// one that the object lives in.
	Destination string
	// Repository is the address that is deployed from; of a Config it is that of Source.
	Repository string
	// Source is what a Config of Flux refers to.
	Source Key
	// TargetRevision is what is asked for, Revision what is there.
	TargetRevision, Revision string
	// Authentication is the sort of credential of a Repository, and where it is.
	Authentication Authentication

	Status
	// Definition is what a person wrote, as JSON with sorted keys.
	Definition json.RawMessage
}

// Status is how the cluster says that an object is doing, in the words of Argo CD for
// both tools. Files have none.
type Status struct {
	// Sync is Synced, OutOfSync or Unknown.
	Sync string
	// Health is Healthy, Progressing, Degraded, Suspended, Missing or Unknown.
	Health string
	// Suspended: nothing is reconciled.
	Suspended bool
	// Message says why an object is not as it should be.
	Message string
	// Reconciled is when the controller last looked; zero where it does not say.
	Reconciled time.Time
}

// Authentication is how a repository lets one in. It holds no credential.
type Authentication struct {
	// Kind: none, reference (a Secret that says itself what it is), basic, ssh, bearer,
	// tls, githubApp, azure, gcp, or a provider's name.
	Kind string `json:"kind"`
	// SecretRef names the Secret, CertSecretRef and ProxySecretRef those beside it.
	SecretRef      string `json:"secretRef,omitempty"`
	CertSecretRef  string `json:"certSecretRef,omitempty"`
	ProxySecretRef string `json:"proxySecretRef,omitempty"`
	ServiceAccount string `json:"serviceAccountName,omitempty"`
}
