import { useSession } from './session';

/** For who signed in; a form, so that the browser goes where the server says next. */
export function SignOut() {
  const session = useSession();
  return session?.signed_in ? (
    <form method="post" action="signout">
      <button class="switch">Sign out</button>
    </form>
  ) : null;
}
