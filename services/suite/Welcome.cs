using System.Globalization;
using System.Text;

namespace Pltfrms.Iam.Suite;

/// <summary>What the suite prints when it is ready: where everything is, and commands to copy that work as they are.</summary>
internal static class Welcome
{
    private const string DemoRealm = "demo";

    public static string Text(SuiteOptions options, string realmId, TimeSpan readyAfter)
    {
        var ports = options.Ports;
        var issuer = $"http://127.0.0.1:{ports.TokenHttp}/realms/{realmId}";
        var megabytes = Environment.WorkingSet / (1024 * 1024);
        var text = new StringBuilder();
        text.AppendLine(CultureInfo.InvariantCulture, $"Pltfrms.Iam suite: ready after {readyAfter.TotalSeconds:0.0} s, {megabytes} MiB. For development only. Ctrl-C stops it.");
        text.AppendLine();
        text.AppendLine(CultureInfo.InvariantCulture, $"  token        REST http://127.0.0.1:{ports.TokenHttp}   gRPC 127.0.0.1:{ports.TokenGrpc}");
        text.AppendLine(CultureInfo.InvariantCulture, $"  realm-admin                               gRPC 127.0.0.1:{ports.RealmAdminGrpc}");
        text.AppendLine(CultureInfo.InvariantCulture, $"  consent      HTTP http://127.0.0.1:{ports.ConsentHttp}   gRPC 127.0.0.1:{ports.ConsentGrpc}");
        text.AppendLine(CultureInfo.InvariantCulture, $"  issuer       {issuer}");
        text.AppendLine(CultureInfo.InvariantCulture, $"  data         {options.DataFolder} (operator key: operator.key)");
        if (realmId == DemoRealm)
        {
            AppendCommands(text, issuer, ports.TokenGrpc);
        }

        return text.ToString();
    }

    private static void AppendCommands(StringBuilder text, string issuer, int tokenGrpc)
    {
        var token = $"curl -s -u demo-service:demo-service-secret-0123456789abcdef -d grant_type=client_credentials -d organization=acme {issuer}/oauth2/token";
        var apiToken = $"curl -s -u demo-api:demo-api-secret-0123456789abcdefgh -d grant_type=client_credentials {issuer}/oauth2/token";
        const string Extract = """sed -n 's/.*"access_token" *: *"\([^"]*\)".*/\1/p'""";
        text.Append(CultureInfo.InvariantCulture, $$"""

            # A token for demo-service in the organization acme
            {{token}}

            # Introspect it, as the resource server demo-api
            TOKEN=$({{token}} | {{Extract}})
            curl -s -u demo-api:demo-api-secret-0123456789abcdefgh -d "token=$TOKEN" {{issuer}}/oauth2/introspect

            # May its holder create invoices in acme? Asked over gRPC with a token of demo-api
            TOKEN=$({{token}} | {{Extract}})
            API_TOKEN=$({{apiToken}} | {{Extract}})
            grpcurl -plaintext -H "authorization: Bearer $API_TOKEN" -d '{"realm_id": "demo", "access_token": "'"$TOKEN"'", "permission": "invoices.create", "organization_id": "acme", "include_trace": true}' 127.0.0.1:{{tokenGrpc}} pltfrms.iam.token.v1.PermissionService/CheckPermission

            """);
    }
}
