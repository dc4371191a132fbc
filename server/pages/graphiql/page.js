// The page: GraphiQL with the examples of this service in tabs and in a list of their own.
"use strict";

(() => {
  const element = React.createElement;
  const examples = JSON.parse(document.getElementById("examples").textContent);
  const address = new URLSearchParams(location.search);
  // Whoever comes again finds the tabs that they left, which GraphiQL keeps in the browser.
  const isFirstVisit = localStorage.getItem("graphiql:tabState") === null;

  const asTab = ({ query, variables }) => ({
    query: query + "\n",
    variables: variables ? JSON.stringify(variables, null, 2) : "",
  });

  const asked = address.has("query")
    ? [{ query: address.get("query"), variables: address.get("variables") ?? "" }]
    : [];
  const tabs = [...asked, ...examples.slice(0, 3).map(asTab)];
  const opened = isFirstVisit ? tabs[0] : asked[0];

  async function fetcher(operation, { headers } = {}) {
    const answer = await fetch("/graphql", {
      method: "POST",
      headers: { "Content-Type": "application/json", Accept: "application/json", ...headers },
      body: JSON.stringify(operation),
      credentials: "omit",
    });
    return answer.json();
  }

  function Examples() {
    const { queryEditor, variableEditor } = GraphiQL.React.useEditorContext({ nonNull: true });
    const show = (example) => {
      const { query, variables } = asTab(example);
      queryEditor?.setValue(query);
      variableEditor?.setValue(variables);
    };
    return element(
      "div",
      { className: "examples" },
      element("h2", null, "Examples"),
      element("p", null, "Each replaces the query of the open tab. Run it with Ctrl-Enter."),
      element(
        "ol",
        null,
        examples.map((each) =>
          element("li", { key: each.title }, element("button", { onClick: () => show(each) }, each.title)),
        ),
      ),
    );
  }

  const icon = () =>
    element(
      "svg",
      { viewBox: "0 0 24 24", fill: "none", stroke: "currentColor", strokeWidth: 1.5, height: "1em" },
      element("path", { d: "M4 5h16M4 12h16M4 19h10", strokeLinecap: "round" }),
    );
  const list = { title: "Examples", icon, content: Examples };

  function Page() {
    const [query, setQuery] = React.useState(opened?.query);
    const explorer = GraphiQLPluginExplorer.useExplorerPlugin({ query: query ?? "", onEdit: setQuery });
    const plugins = React.useMemo(() => [list, explorer], [explorer]);
    return element(
      GraphiQL,
      {
        fetcher,
        plugins,
        query,
        onEditQuery: setQuery,
        variables: opened?.variables,
        operationName: address.get("operationName") ?? undefined,
        defaultTabs: tabs,
        defaultQuery: "",
        defaultEditorToolsVisibility: "variables",
        isHeadersEditorEnabled: false,
        visiblePlugin: isFirstVisit ? list.title : undefined,
      },
      element(
        GraphiQL.Logo,
        null,
        element(
          "span",
          { className: "compactgraph" },
          "compactgraph",
          element("a", { href: "/schema.graphql" }, "schema"),
          element("a", { href: "/" }, "addresses"),
        ),
      ),
    );
  }

  ReactDOM.render(element(Page), document.getElementById("graphiql"));
})();
