package convert

import (
	"bytes"
	"fmt"
	"strings"

	"sigs.k8s.io/kustomize/kyaml/yaml"

	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/document"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/flux"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/imageupdate"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/ledger"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/node"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/notify"
)

var (
	notificationConfig = []byte(notify.ConfigName)
	notificationPrefix = []byte(notify.Prefix)
	updaterKind        = []byte("ImageUpdater")
)

// lookAround reads what Applications take from other documents of Argo CD: the
// configuration of its notifications, and subscriptions of projects.
func (c *compiler) lookAround(streams []stream) {
	c.settings.Notifications, c.settings.Updaters = nil, nil
	c.settings.Projects = map[string][]notify.Subscription{}
	c.configs = 0
	for _, in := range streams {
		for i := range in.docs {
			for _, root := range surroundings(&in.docs[i]) {
				c.surrounding(root)
			}
		}
	}
}

// surroundings returns the objects of a document that may be such, parsed. Most
// documents are not looked at.
func surroundings(d *document.Doc) []*yaml.Node {
	head := d.Peek()
	config := bytes.Contains(d.Raw, notificationConfig) && (!head.OK || head.Kind == "ConfigMap" || isList(head.Kind))
	project := bytes.Contains(d.Raw, notificationPrefix) && (!head.OK || head.Kind == "AppProject" || isList(head.Kind))
	updater := bytes.Contains(d.Raw, updaterKind) && (!head.OK || head.Kind == "ImageUpdater" || isList(head.Kind))
	if d.Empty() || !config && !project && !updater {
		return nil
	}
	root, err := d.Parse()
	if err != nil {
		return nil // the conversion reports it
	}
	return append(node.Items(root, "items"), root)
}

func (c *compiler) surrounding(root *yaml.Node) {
	o := objectOf(root)
	switch {
	case isNotificationConfig(o):
		if c.configs++; c.configs == 1 {
			c.settings.Notifications = notify.ReadConfig(root)
		}
	case isUpdater(o):
		c.settings.Updaters = append(c.settings.Updaters, imageupdate.ReadUpdater(root))
	case o.Kind == "AppProject" && isArgo(o.APIVersion):
		annotations := node.At(root, "metadata", "annotations")
		for i := 0; annotations != nil && i+1 < len(annotations.Content); i += 2 {
			subs, _ := notify.Parse(annotations.Content[i].Value, annotations.Content[i+1].Value)
			c.settings.Projects[o.Name] = append(c.settings.Projects[o.Name], subs...)
		}
	}
}

func isNotificationConfig(o ledger.Object) bool {
	return o.Kind == "ConfigMap" && o.APIVersion == "v1" && o.Name == notify.ConfigName
}

func isUpdater(o ledger.Object) bool {
	return o.Kind == "ImageUpdater" && flux.Group(o.APIVersion) == imageupdate.Group
}

// noteAddOns says of objects of Argo CD's add-ons what becomes of them. They pass, as
// Argo CD may still run beside Flux.
func (c *compiler) noteAddOns(j *job) {
	c.noteConfig(j)
	if head := j.doc.Peek(); len(c.settings.Updaters) == 0 || head.OK && head.Kind != "ImageUpdater" {
		return
	}
	if root, err := j.doc.Parse(); err == nil && isUpdater(objectOf(root)) {
		j.note(root, objectOf(root), "spec", "image-updater-kept", "passes untouched: the Applications of the input that it names say what became of their images")
	}
}

// noteConfig says what of the configuration of Argo CD's notifications crosses.
func (c *compiler) noteConfig(j *job) {
	if c.settings.Notifications == nil || !bytes.Contains(j.doc.Raw, notificationConfig) {
		return
	}
	root, err := j.doc.Parse()
	if err != nil || !isNotificationConfig(objectOf(root)) {
		return
	}
	var lost []string
	data := node.Get(root, "data")
	for i := 0; data != nil && i+1 < len(data.Content); i += 2 {
		key := data.Content[i].Value
		if strings.HasPrefix(key, "template.") || strings.HasPrefix(key, "trigger.") || key == "context" {
			lost = append(lost, key)
		}
	}
	o := objectOf(root)
	j.note(root, o, "data", "notifications-config", "passes untouched: its services are Providers where an Application subscribes; Flux tells events in its own words"+
		listed(", so that these have no counterpart: ", lost))
	if c.configs > 1 {
		j.note(root, o, "metadata.name", "notifications-config", "the input has several ConfigMaps of this name, and the first was read for all: convert what each cluster has by itself")
	}
	if node.Get(data, notify.LegacyConfig) != nil {
		j.note(root, o, ledger.Key("data", notify.LegacyConfig), "notifications-config", "is the old form of the configuration, of which nothing was read: write its triggers and subscriptions as keys of their own")
	}
	for _, key := range c.settings.Notifications.Broken {
		if node.Get(data, key) == nil {
			continue // another ConfigMap has it
		}
		j.note(root, o, ledger.Key("data", key), "notifications-config", "is no YAML of the form that Argo CD reads, so nothing of it crosses: correct it")
	}
}

// listed is text and the first of many names, or nothing where there are none.
func listed(text string, names []string) string {
	if len(names) == 0 {
		return ""
	}
	return fmt.Sprintf("%s%s", text, firstOf(names))
}
