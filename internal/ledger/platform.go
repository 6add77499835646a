package ledger

// byPlatform reports whether the platform that runs the workload gives it a variable
// by itself, or what the variable is for.
func (r *Run) byPlatform(name string) bool {
	if r.Workload == nil || r.Workload.Platform == "" {
		return false
	}
	p := platformGives[r.Workload.Platform]
	_, ok := p.names[name]
	return ok || hasPrefix(name, p.prefixes)
}

// What the role or the service account of a workload stands for: a client
// library that is given nothing takes what the platform gives.
const (
	amazonCredentials = "AWS_REGION AWS_DEFAULT_REGION AWS_ACCESS_KEY_ID AWS_SECRET_ACCESS_KEY AWS_SESSION_TOKEN AWS_EXECUTION_ENV AWS_PROFILE"
	googleCredentials = "GOOGLE_APPLICATION_CREDENTIALS GOOGLE_CLOUD_PROJECT GCLOUD_PROJECT GCP_PROJECT"
)

// platformGives is what the platforms give to what they run, by their names.
var platformGives = map[string]struct {
	names    map[string]struct{}
	prefixes []string
}{
	// docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html, "Defined runtime environment variables"
	"lambda": {set(amazonCredentials, "_HANDLER _X_AMZN_TRACE_ID LD_LIBRARY_PATH NODE_PATH PYTHONPATH GEM_PATH"), []string{"AWS_LAMBDA_", "AWS_XRAY_"}},
	// docs.aws.amazon.com/AmazonECS/latest/developerguide/task-metadata-endpoint-v4.html; task-iam-roles.html
	"ecs": {set(amazonCredentials, "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI"), []string{"ECS_"}},
	// docs.aws.amazon.com/apprunner/latest/dg/develop.html, "Code configuration"
	"app-runner": {set(amazonCredentials, "PORT"), nil},
	// docs.aws.amazon.com/elasticbeanstalk/latest/dg/nodejs-platform-proxy.html; AWSHowTo.RDS.html
	"beanstalk": {set(amazonCredentials, "PORT"), []string{"RDS_"}},
	// cloud.google.com/run/docs/container-contract, "Environment variables"
	"cloud-run": {set(googleCredentials, "PORT K_SERVICE K_REVISION K_CONFIGURATION"), []string{"CLOUD_RUN_"}},
	// cloud.google.com/functions/docs/configuring/env-var, "Runtime environment variables set automatically"
	"cloud-functions": {set(googleCredentials, "PORT K_SERVICE K_REVISION FUNCTION_TARGET FUNCTION_SIGNATURE_TYPE FUNCTION_NAME FUNCTION_REGION"), nil},
	// cloud.google.com/appengine/docs/standard/nodejs/runtime, "Environment variables"
	"app-engine": {set(googleCredentials, "PORT"), []string{"GAE_"}},
	// learn.microsoft.com/azure/app-service/reference-app-settings
	"app-service": {set("PORT HTTP_PLATFORM_PORT IDENTITY_ENDPOINT IDENTITY_HEADER MSI_ENDPOINT MSI_SECRET"), []string{"WEBSITE_", "WEBSITES_", "AZURE_", "FUNCTIONS_", "APPSETTING_"}},
	// learn.microsoft.com/azure/container-apps/environment-variables
	"container-app": {set("IDENTITY_ENDPOINT IDENTITY_HEADER"), []string{"CONTAINER_APP_"}},
	// devcenter.heroku.com/articles/dynos, "Local environment variables"; devcenter.heroku.com/articles/dyno-metadata
	"heroku": {set("PORT DYNO"), []string{"HEROKU_"}},
	// render.com/docs/environment-variables
	"render": {set("PORT RENDER IS_PULL_REQUEST"), []string{"RENDER_"}},
	// fly.io/docs/machines/runtime-environment
	"fly": {set("PRIMARY_REGION"), []string{"FLY_"}},
	// docs.railway.com/reference/variables
	"railway": {set("PORT"), []string{"RAILWAY_"}},
	// vercel.com/docs/environment-variables/system-environment-variables
	"vercel": {set("VERCEL NODE_ENV"), []string{"VERCEL_"}},
	// docs.digitalocean.com/products/app-platform/how-to/use-environment-variables
	"app-platform": {set("PORT APP_DOMAIN APP_ID APP_URL"), nil},
	// docs.cloudfoundry.org/devguide/deploy-apps/environment-variable.html
	"cloud-foundry": {set("PORT INSTANCE_GUID INSTANCE_INDEX MEMORY_LIMIT DATABASE_URL LANG"), []string{"VCAP_", "CF_"}},
	// freedesktop.org/software/systemd/man/latest/systemd.exec.html, "Environment Variables Set or Propagated by the Service Manager"
	"systemd": {set("INVOCATION_ID JOURNAL_STREAM NOTIFY_SOCKET LISTEN_FDS LISTEN_PID MAINPID RUNTIME_DIRECTORY STATE_DIRECTORY CACHE_DIRECTORY LOGS_DIRECTORY CONFIGURATION_DIRECTORY CREDENTIALS_DIRECTORY WATCHDOG_USEC"), nil},
	// supervisord.org/subprocess.html, "Subprocess Environment"
	"supervisor": {nil, []string{"SUPERVISOR_"}},
}
